// SPDX-License-Identifier: Apache-2.0
#include "cycle/key_changes.hpp"

#include <algorithm>
#include <set>
#include <utility>
#include <vector>

#include "core/marks.hpp"
#include "plan/limits.hpp"

namespace kms_secretd::cycle {
namespace {

namespace marks = core::marks;
using core::Action;
using core::AppliedKey;
using core::KeyChanges;
using core::OutcomeKind;
using Names = std::set<std::string>;

Names heldIn(core::Observed const& object) {
  Names held;
  for (auto const& entry : object.managed) {
    held.insert(entry.dataKeys.begin(), entry.dataKeys.end());
  }
  return held;
}

class Comparison {
 public:
  explicit Comparison(PerformedPlan const& performed)
      : performed_(performed),
        ours_(performed.observed.appliedBy(marks::fieldManager(performed.instance))) {
    if (ours_ != nullptr) heldByUs_.insert(ours_->dataKeys.begin(), ours_->dataKeys.end());
    auto const& annotations = performed.observed.annotations;
    auto const at = annotations.find(marks::keysAnnotation);
    if (at == annotations.end()) return;
    auto const recorded = marks::splitKeys(at->second);
    recorded_.insert(recorded.begin(), recorded.end());
  }

  KeyChanges written() {
    for (auto const& key : performed_.rendered.applied) {
      if (auto* list = listOf(key)) list->push_back(key.name);
    }
    for (auto const& key : candidates()) {
      if (removed(key)) changes_.removed.push_back(key);
    }
    auto const adopted = performed_.plan.action == Action::adopt;
    changes_.firstWrite = !changes_.unknown.empty() && !performed_.record.digest && !adopted &&
                          performed_.plan.action != Action::create;
    return std::move(changes_);
  }

  // The server had all of it: only the record can tell what came there since.
  KeyChanges found() {
    if (!trusted()) return {};
    for (auto const& key : performed_.rendered.applied) {
      auto const* before = find(key.name);
      if (before == nullptr) changes_.added.push_back(key.name);
      if (before != nullptr && before->print != key.print) changes_.changed.push_back(key.name);
    }
    return std::move(changes_);
  }

 private:
  // The record is of this very object, and of this process.
  bool trusted() const {
    auto const& record = performed_.record;
    return record.digest && !record.uid.empty() && record.uid == performed_.observed.uid;
  }
  AppliedKey const* find(std::string const& name) const {
    auto const at = std::ranges::lower_bound(performed_.record.keys, name, {}, &AppliedKey::name);
    return at != performed_.record.keys.end() && at->name == name ? &*at : nullptr;
  }

  // Where a key belongs; null if its value stayed as it was.
  std::vector<std::string>* listOf(AppliedKey const& key) {
    if (performed_.plan.action == Action::create) {
      auto const created = performed_.done.kind == OutcomeKind::created;
      return created ? &changes_.added : &changes_.unknown;
    }
    auto const* before = trusted() ? find(key.name) : nullptr;
    if (before != nullptr && before->print != key.print) return &changes_.changed;
    auto const wasOurs = before != nullptr || recorded_.contains(key.name);
    if (wasOurs && !heldByUs_.contains(key.name)) return &changes_.restored;
    return before == nullptr ? listOfUnknown(key.name) : nullptr;
  }

  std::vector<std::string>* listOfUnknown(std::string const& name) {
    if (heldByUs_.contains(name)) return &changes_.unknown;
    if (!held_.contains(name)) {
      return namesUnknown() ? &changes_.unknown : &changes_.added;
    }
    // Without force the server lets us have a key of others only if the values are equal.
    return forced() ? &changes_.unknown : nullptr;
  }

  bool forced() const {
    auto const action = performed_.plan.action;
    return action == Action::heal || performed_.done.kind == OutcomeKind::recreated ||
           (action == Action::adopt && performed_.definition.adopt == core::AdoptPolicy::force);
  }

  // Keys that no manager holds stay behind where managedFields were stripped, our entry with them.
  bool namesUnknown() const {
    auto const& count = performed_.observed.dataCount;
    return count ? *count > held_.size() : ours_ == nullptr;
  }

  // All that may have gone, from whoever names it.
  Names candidates() const {
    auto const& plan = performed_.plan;
    Names names(plan.droppedKeys.begin(), plan.droppedKeys.end());
    names.insert(plan.foreignKeys.begin(), plan.foreignKeys.end());
    if (trusted()) {
      for (auto const& key : performed_.record.keys) names.insert(key.name);
    }
    if (performed_.done.kind == OutcomeKind::recreated) names.insert(held_.begin(), held_.end());
    for (auto const& key : performed_.rendered.applied) names.erase(key.name);
    return names;
  }

  // The annotation is open to all: what can be no key of a Secret was none.
  bool removed(std::string const& name) const {
    if (plan::whyBadKey(name) || heldAfter_.contains(name)) return false;
    return held_.contains(name) || namesUnknown();
  }

  PerformedPlan const& performed_;
  core::ManagedEntry const* ours_;
  Names held_ = heldIn(performed_.observed);
  Names heldAfter_ = heldIn(performed_.done.object);
  Names heldByUs_{};
  Names recorded_{};  // in the keys annotation
  KeyChanges changes_{};
};

}  // namespace

std::optional<KeyChanges> keyChangesOf(PerformedPlan const& performed) {
  Comparison comparison(performed);
  if (performed.done.kind != OutcomeKind::unchanged) return comparison.written();
  auto found = comparison.found();
  return found.none() ? std::nullopt : std::optional(std::move(found));
}

}  // namespace kms_secretd::cycle

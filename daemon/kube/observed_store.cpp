// SPDX-License-Identifier: Apache-2.0
#include "kube/observed_store.hpp"

#include <algorithm>
#include <set>
#include <utility>

#include "core/marks.hpp"

namespace kms_secretd::kube {
namespace {

namespace marks = core::marks;

bool isMark(std::string_view name) {
  return name.starts_with(marks::prefix) || name == marks::managedByLabel;
}

bool in(std::vector<std::string> const& sorted, std::string const& name) {
  return std::ranges::binary_search(sorted, name);
}

// The labels and annotations that matter for a target: what they say of our marks, and who holds
// those, what its definition declares, and what we (`ours` or null) hold of an earlier one.
PackedNames relevant(core::TargetDefinition const& definition, core::ManagedEntry const* ours) {
  auto const held = [&definition, ours](std::string const& name) {
    return isMark(name) || definition.labels->contains(name) ||
           definition.annotations->contains(name) ||
           (ours != nullptr && (in(ours->labels, name) || in(ours->annotations, name)));
  };
  return {.said = isMark, .held = held};
}

std::map<std::string, std::string> marksOf(std::map<std::string, std::string> const& all) {
  std::map<std::string, std::string> kept;
  for (auto const& [name, value] : all) {
    if (isMark(name)) kept.emplace(name, value);
  }
  return kept;
}

// Of a stray only what decides whether it may be deleted: our marks, and whether we hold them.
core::Observed reducedStray(core::Observed const& observed, std::string const& fieldManager) {
  core::Observed kept;
  kept.exists = observed.exists;
  kept.terminating = observed.terminating;
  kept.uid = observed.uid;
  kept.labels = marksOf(observed.labels);
  kept.annotations = marksOf(observed.annotations);
  if (auto const* ours = observed.appliedBy(fieldManager)) {
    auto& copy = kept.managed.emplace_back();
    copy.manager = ours->manager;
    copy.apply = ours->apply;
    std::ranges::copy_if(ours->labels, std::back_inserter(copy.labels), isMark);
    std::ranges::copy_if(ours->annotations, std::back_inserter(copy.annotations), isMark);
  }
  return kept;
}

bool isNumber(std::string_view text) noexcept {
  return !text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace

bool olderVersion(std::string_view a, std::string_view b) noexcept {
  if (!isNumber(a) || !isNumber(b)) return false;
  return a.size() != b.size() ? a.size() < b.size() : a < b;
}

ObservedStore::ObservedStore(
    std::vector<std::shared_ptr<core::TargetDefinition const>> const& targets,
    std::string fieldManager, std::string instance)
    : fieldManager_(std::move(fieldManager)), instance_(std::move(instance)) {
  auto records = records_.lock();
  for (auto const& target : targets) {
    records->namespaces[target->id.namespaceName].push_back({.definition = target});
  }
  for (auto& [name, slots] : records->namespaces) {
    slots.shrink_to_fit();
    std::ranges::sort(slots, {}, [](Slot const& slot) { return slot.definition->id.name; });
  }
}

ObservedStore::Slot* ObservedStore::Records::find(std::string_view namespaceName,
                                                  std::string_view name) {
  auto const slots = namespaces.find(namespaceName);
  if (slots == namespaces.end()) return nullptr;
  auto const nameOf = [](Slot const& slot) -> std::string_view { return slot.definition->id.name; };
  auto const at = std::ranges::lower_bound(slots->second, name, {}, nameOf);
  return at == slots->second.end() || nameOf(*at) != name ? nullptr : &*at;
}

std::optional<core::Observed> ObservedStore::find(core::TargetId const& target) {
  auto records = records_.lock();
  auto const* const slot = records->find(target.namespaceName, target.name);
  if (slot == nullptr || slot->packed.empty()) return std::nullopt;
  auto observed = unpackObserved(slot->packed, records->names);
  observed.resourceVersion = slot->resourceVersion;
  return observed;
}

std::optional<std::string> ObservedStore::versionOf(core::TargetId const& target) {
  auto records = records_.lock();
  auto const* const slot = records->find(target.namespaceName, target.name);
  if (slot == nullptr || slot->packed.empty()) return std::nullopt;
  return slot->resourceVersion;
}

bool ObservedStore::presumeAbsent(core::TargetId const& target) {
  auto records = records_.lock();
  auto* const slot = records->find(target.namespaceName, target.name);
  if (slot == nullptr || !slot->packed.empty()) return false;
  auto const& definition = *slot->definition;
  bool const oursToMake = definition.creation == core::CreationPolicy::owner &&
                          definition.adopt == core::AdoptPolicy::never;
  return oursToMake && !std::exchange(slot->presumed, true);
}

bool ObservedStore::isTarget(std::string_view namespaceName, std::string_view name) {
  return records_.lock()->find(namespaceName, name) != nullptr;
}

Change ObservedStore::put(Slot& slot, core::Observed const& observed, NameTable& names) const {
  auto const* const ours = observed.appliedBy(fieldManager_);
  auto packed = packObserved(observed, names, relevant(*slot.definition, ours));
  slot.resourceVersion = observed.resourceVersion;
  if (packed == slot.packed) return Change::none;
  slot.packed = std::move(packed);
  return Change::changed;
}

Change ObservedStore::record(core::TargetId const& target, core::Observed const& observed) {
  auto records = records_.lock();
  auto* const slot = records->find(target.namespaceName, target.name);
  if (slot == nullptr) return Change::none;
  bool const known = !slot->packed.empty();
  if (known && olderVersion(observed.resourceVersion, slot->resourceVersion)) return Change::none;
  return put(*slot, observed, records->names);
}

Change ObservedStore::recordListed(core::TargetId const& target, core::Observed const& observed) {
  auto records = records_.lock();
  auto* const slot = records->find(target.namespaceName, target.name);
  return slot == nullptr ? Change::none : put(*slot, observed, records->names);
}

bool ObservedStore::forget(core::TargetId const& target) {
  auto records = records_.lock();
  auto* const slot = records->find(target.namespaceName, target.name);
  if (slot == nullptr || slot->packed.empty()) return false;
  bool const existed = unpackObserved(slot->packed, records->names).exists;
  slot->packed = {};
  slot->resourceVersion = {};
  return existed;
}

void ObservedStore::recordStray(std::string_view namespaceName, std::string_view name,
                                core::Observed const& observed) {
  auto records = records_.lock();
  auto& stray = records->strays[std::string(namespaceName)][std::string(name)];
  stray.resourceVersion = observed.resourceVersion;
  stray.packed = packObserved(reducedStray(observed, fieldManager_), records->names);
}

void ObservedStore::forgetStray(std::string_view namespaceName, std::string_view name) {
  auto records = records_.lock();
  auto const strays = records->strays.find(namespaceName);
  if (strays == records->strays.end()) return;
  auto const stray = strays->second.find(name);
  if (stray != strays->second.end()) strays->second.erase(stray);
}

void ObservedStore::keepStrays(std::string_view namespaceName,
                               std::set<std::string, std::less<>> const& names) {
  auto records = records_.lock();
  auto const strays = records->strays.find(namespaceName);
  if (strays == records->strays.end()) return;
  std::erase_if(strays->second, [&](auto const& stray) { return !names.contains(stray.first); });
}

void ObservedStore::visitOurs(
    std::string_view namespaceName,
    std::function<void(std::string_view name, core::Observed const&)> const& visitor) {
  auto records = records_.lock();
  auto const visit = [&](std::string const& name, auto const& record) {
    auto observed = unpackObserved(record.packed, records->names);
    auto const label = observed.labels.find(marks::instanceLabel);
    if (label == observed.labels.end() || label->second != instance_) return;
    observed.resourceVersion = record.resourceVersion;
    visitor(name, observed);
  };
  if (auto const slots = records->namespaces.find(namespaceName);
      slots != records->namespaces.end()) {
    for (auto const& slot : slots->second) {
      if (!slot.packed.empty()) visit(slot.definition->id.name, slot);
    }
  }
  if (auto const strays = records->strays.find(namespaceName); strays != records->strays.end()) {
    for (auto const& [name, stray] : strays->second) visit(name, stray);
  }
}

std::vector<core::TargetId> ObservedStore::targetsIn(std::string const& namespaceName) {
  auto records = records_.lock();
  std::vector<core::TargetId> targets;
  auto const slots = records->namespaces.find(namespaceName);
  if (slots == records->namespaces.end()) return targets;
  for (auto const& slot : slots->second) targets.push_back(slot.definition->id);
  return targets;
}

void ObservedStore::visit(
    std::function<void(core::TargetDefinition const&, core::Observed const&)> const& visitor) {
  auto records = records_.lock();
  for (auto const& [name, slots] : records->namespaces) {
    for (auto const& slot : slots) {
      if (slot.packed.empty()) continue;
      auto observed = unpackObserved(slot.packed, records->names);
      observed.resourceVersion = slot.resourceVersion;
      visitor(*slot.definition, observed);
    }
  }
}

std::size_t ObservedStore::known() {
  std::size_t count = 0;
  visit([&](auto const&, auto const&) { ++count; });
  return count;
}

}  // namespace kms_secretd::kube

// SPDX-License-Identifier: Apache-2.0
#include "cycle/foresight.hpp"

#include <algorithm>
#include <set>
#include <string_view>
#include <utility>
#include <variant>

#include "apply/desired_object.hpp"
#include "apply/holders.hpp"
#include "core/marks.hpp"
#include "cycle/rendered_digest.hpp"
#include "plan/decide.hpp"
#include "plan/limits.hpp"
#include "plan/reasons.hpp"
#include "transform/render.hpp"

namespace kms_secretd::cycle {
namespace {

using core::Action;
using core::PlanReason;

/// Asks as another manager than ours, so that what we wrote before is compared, too.
constexpr char const* checkManager = "kms-secretd-check";
constexpr std::string_view dataField = ".data.";

std::set<std::string> keysHeld(core::Observed const& object) {
  std::set<std::string> keys;
  for (auto const& entry : object.managed)
    keys.insert(entry.dataKeys.begin(), entry.dataKeys.end());
  return keys;
}

// Who holds which key is not known of every object: then a name tells nothing.
bool namesUnknown(core::Observed const& object) {
  if (!object.exists) return false;
  return object.managed.empty() || apply::mayHoldUntracked(object) ||
         std::ranges::any_of(object.managed, &core::ManagedEntry::wholeData);
}

class Look {
 public:
  Look(core::TargetDefinition const& definition, Stages const& stages,
       sdk::Cancellation const* cancellation)
      : definition_(definition), stages_(stages), cancellation_(cancellation) {
    seen_.target = definition.id;
  }

  Foresight run() {
    auto fetched = stages_.fetcher.fetch(definition_, cancellation_);
    if (auto* failure = std::get_if<core::FetchFailure>(&fetched)) {
      return troubled(failure->source.text() + ": " + failure->failure.message, "");
    }
    auto const& sources = std::get<core::Fetched>(fetched);
    auto rendered = transform::render(definition_, sources);
    if (auto* failure = std::get_if<core::RenderFailure>(&rendered)) {
      return troubled(failure->message, "");
    }
    auto& data = std::get<core::Rendered>(rendered);
    auto const mayBeEmpty = !sources.missing.empty();
    if (auto why = plan::whyUnacceptable(definition_, data, mayBeEmpty)) return troubled(*why, "");
    data.digest = digestOf(definition_, data, stages_.digest);
    auto observed = stages_.kube.observe(definition_.id, call());
    if (auto* failure = std::get_if<core::KubeFailure>(&observed)) return troubled(*failure);
    return judged(data, std::get<core::Observed>(observed));
  }

 private:
  Foresight judged(core::Rendered const& data, core::Observed const& object) {
    auto const plan = plan::decide({.definition = definition_,
                                    .digest = data.digest,
                                    .keys = data.keyNames(),
                                    .observed = object,
                                    .record = {},
                                    .instance = stages_.instance,
                                    .mayForce = true});
    seen_.action = plan.action;
    seen_.reason = plan.reason;
    seen_.detail = plan.detail;
    if (plan.action == Action::refuse) return refused(plan);
    settleKeys(data, object, plan);
    if (plan.action == Action::hold) return refused(plan);
    if (plan.action == Action::recreate) return std::move(seen_);
    return compared(data, object, plan);
  }

  Foresight refused(core::Plan const& plan) {
    auto const& text = plan::textOf(plan.reason);
    auto const detail = plan.detail.empty() ? "" : " (" + plan.detail + ")";
    return troubled(text.meaning + detail, text.remedy);
  }

  // By names alone: what is there under a name that we write may be kept; the server will tell.
  void settleKeys(core::Rendered const& data, core::Observed const& object,
                  core::Plan const& plan) {
    auto const held = keysHeld(object);
    auto const there = plan.action == Action::recreate ? KeyFate::rewritten : KeyFate::kept;
    auto const absent = namesUnknown(object) ? KeyFate::rewritten : KeyFate::added;
    for (auto const& key : data.keyNames()) seen_.keys[key] = held.contains(key) ? there : absent;
    for (auto const& key : plan.droppedKeys) seen_.keys[key] = KeyFate::removed;
    for (auto const& key : plan.foreignKeys) seen_.keys[key] = KeyFate::removed;
  }

  Foresight compared(core::Rendered const& data, core::Observed const& object,
                     core::Plan const& plan) {
    auto request = apply::desiredObject({.definition = definition_,
                                         .rendered = data,
                                         .plan = plan,
                                         .observed = object,
                                         .instance = stages_.instance});
    request.fieldManager = checkManager;
    request.uid = plan.uid;
    request.resourceVersion = plan.resourceVersion;
    request.dryRun = true;
    seen_.marksChange = !object.exists || marksDiffer(request, object);
    auto const reply = stages_.kube.apply(request, call());
    if (auto const* failure = std::get_if<core::KubeFailure>(&reply)) {
      if (failure->kind != core::KubeFailureKind::contested) return troubled(*failure);
      noteConflicts(*failure);
    }
    return settled();
  }

  static bool marksDiffer(apply::ApplyRequest const& request, core::Observed const& object) {
    auto const holds = [](auto const& there, auto const& wanted) {
      return std::ranges::all_of(wanted, [&there](auto const& each) {
        auto const at = there.find(each.first);
        return at != there.end() && at->second == each.second;
      });
    };
    return !holds(object.labels, request.labels) || !holds(object.annotations, request.annotations);
  }

  void noteConflicts(core::KubeFailure const& failure) {
    for (auto const& conflict : failure.conflicts) {
      if (!conflict.field.starts_with(dataField)) continue;
      auto const at = seen_.keys.find(conflict.field.substr(dataField.size()));
      if (at == seen_.keys.end()) continue;
      at->second = KeyFate::changed;
      if (!differing_.empty()) differing_ += ", ";
      differing_ += at->first + " held by " + conflict.manager;
    }
  }

  Foresight settled() {
    auto const differs = std::ranges::any_of(
        seen_.keys, [](auto const& key) { return key.second != KeyFate::kept; });
    if (seen_.action == Action::adopt && definition_.adopt == core::AdoptPolicy::if_equal &&
        !differing_.empty()) {
      seen_.action = Action::refuse;
      return troubled("it is not adopted, for it differs in " + differing_,
                      "make its values equal, delete it, or set adopt = \"force\" to have it "
                      "overwritten");
    }
    // A daemon that starts applies once what it has not applied itself; equal content changes
    // nothing, not even the resourceVersion.
    auto const unseen =
        seen_.reason == PlanReason::not_seen_applied || seen_.reason == PlanReason::merged;
    auto const onlyUnseen =
        unseen && seen_.action == Action::update && !differs && !seen_.marksChange;
    if (onlyUnseen) {
      seen_.action = Action::leave;
      seen_.reason = PlanReason::in_sync;
    } else if (seen_.reason == PlanReason::not_seen_applied && differs) {
      seen_.reason = PlanReason::value_changed;
    }
    return std::move(seen_);
  }

  Foresight troubled(core::KubeFailure const& failure) {
    return troubled(failure.message, failure.remedy);
  }
  Foresight troubled(std::string what, std::string remedy) {
    seen_.trouble = std::move(what);
    seen_.remedy = std::move(remedy);
    return std::move(seen_);
  }

  apply::KubeCall call() const {
    return {.deadline = stages_.clock.boot() + stages_.kubeTimeout, .cancellation = cancellation_};
  }

  core::TargetDefinition const& definition_;
  Stages const& stages_;
  sdk::Cancellation const* cancellation_;
  std::string differing_{};
  Foresight seen_{};
};

}  // namespace

char const* nameOf(KeyFate fate) noexcept {
  switch (fate) {
    case KeyFate::added:
      return "added";
    case KeyFate::changed:
      return "changed";
    case KeyFate::removed:
      return "removed";
    case KeyFate::kept:
      return "kept";
    case KeyFate::rewritten:
      return "rewritten";
  }
  return "rewritten";
}

Foresight foresee(core::TargetDefinition const& definition, Stages const& stages,
                  sdk::Cancellation const* cancellation) {
  return Look(definition, stages, cancellation).run();
}

}  // namespace kms_secretd::cycle

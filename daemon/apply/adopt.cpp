// SPDX-License-Identifier: Apache-2.0
#include <optional>
#include <utility>

#include "apply/desired_object.hpp"
#include "apply/holders.hpp"
#include "apply/steps.hpp"

namespace kms_secretd::apply {
namespace {

using core::KubeFailure;
using core::KubeFailureKind;
using core::KubeResult;

/// Asks as another manager than ours, so that nothing of ours counts as agreed.
constexpr char const* checkManager = "kms-secretd-check";

KubeFailure notEqual(Stage const& stage, std::string why) {
  KubeFailure failure;
  failure.kind = KubeFailureKind::foreign;
  failure.message = stage.performance.definition.id.text() + " is not adopted: " + std::move(why);
  failure.remedy =
      "make its values equal, delete it, or set adopt = \"force\" to have it overwritten";
  return failure;
}

std::string fieldsOf(KubeFailure const& failure) {
  std::string text;
  for (auto const& conflict : failure.conflicts) {
    text += (text.empty() ? "" : ", ") + conflict.field + " held by " + conflict.manager;
  }
  return text.empty() ? failure.message : text;
}

/// Only a Table read counts the keys: without the count an untracked key could hide.
std::optional<KubeFailure> whyUntracked(Stage const& stage) {
  auto const& observed = stage.performance.observed;
  if (!mayHoldUntracked(observed)) return std::nullopt;
  auto counted = observed;
  if (!observed.dataCount) {
    auto seen = stage.api.observe(stage.performance.definition.id, stage.call);
    if (auto* failure = std::get_if<KubeFailure>(&seen)) return std::move(*failure);
    counted = std::get<core::Observed>(std::move(seen));
  }
  if (counted.uid != observed.uid || counted.resourceVersion != observed.resourceVersion) {
    KubeFailure changed;
    changed.kind = KubeFailureKind::changed;
    changed.message = stage.performance.definition.id.text() + " changed while it was looked at";
    return changed;
  }
  if (!mayHoldUntracked(counted)) return std::nullopt;
  return notEqual(stage, "it has keys that no field manager holds, so the server cannot compare");
}

/// Has the server compare: a dry-run apply, of which 200 says equal and 409 names what differs.
std::optional<KubeFailure> whyNotEqual(Stage const& stage) {
  if (auto failure = whyUntracked(stage)) return failure;
  auto request = desiredObject(stage.performance);
  request.fieldManager = checkManager;
  request.uid = stage.performance.plan.uid;
  request.resourceVersion = stage.performance.plan.resourceVersion;
  request.dryRun = true;
  auto reply = stage.api.apply(request, stage.call);
  auto* failure = std::get_if<KubeFailure>(&reply);
  if (failure == nullptr) return std::nullopt;
  if (failure->kind != KubeFailureKind::contested) return std::move(*failure);
  auto differs = notEqual(stage, "it differs in " + fieldsOf(*failure));
  differs.status = failure->status;
  differs.conflicts = std::move(failure->conflicts);
  return differs;
}

}  // namespace

KubeResult<Applied> adopt(Stage const& stage) {
  bool const force = stage.performance.definition.adopt == core::AdoptPolicy::force;
  if (!force) {
    if (auto failure = whyNotEqual(stage)) return std::move(*failure);
  }
  // Released after equal values too: the former holder would meet the first rotation with a 409.
  return overwrite(stage, {force, true, core::OutcomeKind::adopted});
}

}  // namespace kms_secretd::apply

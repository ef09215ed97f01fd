// SPDX-License-Identifier: Apache-2.0
#include <optional>
#include <utility>

#include "apply/desired_object.hpp"
#include "apply/steps.hpp"
#include "core/marks.hpp"

namespace kms_secretd::apply {
namespace {

using core::KubeFailure;
using core::KubeResult;

/// Has the new object validated before the old one goes: a dry run under a name that is free, for
/// under the old name every answer would be about the difference of types.
std::optional<KubeFailure> whyInvalid(Stage const& stage, ApplyRequest request) {
  request.target.name = core::marks::checkName(request.target.name);
  request.dryRun = true;
  auto reply = stage.api.apply(request, stage.call);
  auto* failure = std::get_if<KubeFailure>(&reply);
  if (failure == nullptr) return std::nullopt;
  failure->message = "the new " + stage.performance.definition.id.text() +
                     " would be refused, so the old one stays: " + failure->message;
  return std::move(*failure);
}

/// From the delete to the create the Secret may be missing: the stop of the daemon waits for them,
/// for a delete without an answer may have been carried out. The deadline alone bounds them.
KubeCall uninterrupted(Stage const& stage) { return {stage.call.deadline, nullptr}; }

std::optional<KubeFailure> deleteOld(Stage const& stage) {
  KeyChange change;
  change.target = stage.performance.definition.id;
  change.uid = stage.performance.plan.uid;
  change.resourceVersion = stage.performance.plan.resourceVersion;
  change.fieldManager = core::marks::fieldManager(stage.performance.instance);
  auto removed = stage.api.remove(change, uninterrupted(stage));
  auto* failure = std::get_if<KubeFailure>(&removed);
  if (failure == nullptr) return std::nullopt;
  return std::move(*failure);
}

/// A finalizer keeps the deleted object: the create met it, of the old type as it is.
bool heldBack(KubeFailure const& failure) {
  return failure.kind == core::KubeFailureKind::type_differs;
}

KubeResult<Applied> createAnew(Stage const& stage) {
  auto const call = uninterrupted(stage);
  auto created = create({stage.performance, stage.api, call});
  if (auto* failure = std::get_if<KubeFailure>(&created)) {
    if (heldBack(*failure)) failure->kind = core::KubeFailureKind::changed;
    failure->message = stage.performance.definition.id.text() +
                       " was deleted to be made anew, but: " + failure->message;
    return created;
  }
  std::get<Applied>(created).kind = core::OutcomeKind::recreated;
  return created;
}

}  // namespace

KubeResult<Applied> recreate(Stage const& stage) {
  // We make the object now, so it is claimed (rules 1), also where an update ended up here.
  auto plan = stage.performance.plan;
  plan.claimCreated = true;
  Performance const anew{stage.performance.definition, stage.performance.rendered, plan,
                         stage.performance.observed, stage.performance.instance};
  Stage const here{anew, stage.api, stage.call};
  if (auto failure = whyInvalid(here, desiredObject(anew))) return std::move(*failure);
  if (auto failure = deleteOld(here)) return std::move(*failure);
  return createAnew(here);
}

}  // namespace kms_secretd::apply

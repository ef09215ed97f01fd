// SPDX-License-Identifier: Apache-2.0
#include <set>
#include <utility>

#include "apply/desired_object.hpp"
#include "apply/holders.hpp"
#include "apply/steps.hpp"
#include "core/marks.hpp"

namespace kms_secretd::apply {
namespace {

using core::KubeFailure;
using core::KubeResult;
using core::Observed;
using Names = std::vector<std::string>;

Names together(Names const& left, Names const& right) {
  std::set<std::string> all(left.begin(), left.end());
  all.insert(right.begin(), right.end());
  return {all.begin(), all.end()};
}

KeyChange changeOf(ApplyRequest const& request, Observed const& object, Names keys) {
  KeyChange change;
  change.target = request.target;
  change.uid = object.uid;
  change.resourceVersion = object.resourceVersion;
  change.fieldManager = request.fieldManager;
  change.keys = std::move(keys);
  return change;
}

/// Applies `request` to exactly the object that `object` describes.
KubeResult<Observed> applyTo(Stage const& stage, ApplyRequest& request, Observed const& object) {
  request.uid = object.uid;
  request.resourceVersion = object.resourceVersion;
  auto reply = stage.api.apply(request, stage.call);
  if (auto* failure = std::get_if<KubeFailure>(&reply)) return std::move(*failure);
  return std::move(std::get<ApplyReply>(reply).object);
}

/// Dropped keys that will outlive the apply. In a merge they belong to others: left alone.
Names outliving(Performance const& performance, std::string const& fieldManager) {
  if (performance.definition.creation == core::CreationPolicy::merge) return {};
  return notOursAlone(performance.observed, performance.plan.droppedKeys, fieldManager);
}

/// Removes `keys` from what `object` describes and shortens the keys annotation only then: until
/// the keys are gone it keeps them on record, so that a crash in between forgets none.
KubeResult<Observed> removeDropped(Stage const& stage, ApplyRequest& request,
                                   Observed const& object, Names const& keys) {
  auto removed = stage.api.removeKeys(changeOf(request, object, keys), stage.call);
  if (std::holds_alternative<KubeFailure>(removed)) return removed;
  request.annotations[core::marks::keysAnnotation] = core::marks::joinKeys(keysOf(request));
  return applyTo(stage, request, std::get<Observed>(removed));
}

KubeResult<Observed> applyAndDrop(Stage const& stage, ApplyRequest& request) {
  auto const& performance = stage.performance;
  auto const outlive = outliving(performance, request.fieldManager);
  request.annotations[core::marks::keysAnnotation] =
      core::marks::joinKeys(together(keysOf(request), outlive));
  Observed planned;
  planned.uid = performance.plan.uid;
  planned.resourceVersion = performance.plan.resourceVersion;
  auto applied = applyTo(stage, request, planned);
  auto* object = std::get_if<Observed>(&applied);
  if (object == nullptr) return applied;
  bool const merge = performance.definition.creation == core::CreationPolicy::merge;
  auto const held = merge ? Names{} : stillHeld(*object, performance.plan.droppedKeys);
  if (outlive.empty() && held.empty()) return applied;
  return removeDropped(stage, request, *object, together(outlive, held));
}

KubeResult<Observed> release(Stage const& stage, ApplyRequest const& request,
                             Observed const& object) {
  auto change = changeOf(request, object, keysOf(request));
  for (auto const& [name, value] : request.labels) change.labels.push_back(name);
  for (auto const& [name, value] : request.annotations) change.annotations.push_back(name);
  return stage.api.releaseKeys(change, stage.call);
}

bool mayRecreate(Stage const& stage, KubeFailure const& failure) {
  return failure.kind == core::KubeFailureKind::type_differs &&
         stage.performance.definition.recreate &&
         stage.performance.definition.creation == core::CreationPolicy::owner &&
         stage.performance.plan.action != core::Action::adopt;
}

Applied finished(Stage const& stage, core::OutcomeKind kind, Observed after) {
  if (stage.performance.definition.creation == core::CreationPolicy::owner) {
    after.type = stage.performance.definition.type;
  } else {
    after.type = stage.performance.observed.type;
  }
  bool const untouched = after.resourceVersion == stage.performance.plan.resourceVersion;
  return appliedAs(untouched ? core::OutcomeKind::unchanged : kind, stage.performance,
                   std::move(after));
}

}  // namespace

KubeResult<Applied> overwrite(Stage const& stage, Overwrite const& how) {
  auto request = desiredObject(stage.performance);
  request.force = how.force;
  auto applied = applyAndDrop(stage, request);
  if (auto* failure = std::get_if<KubeFailure>(&applied)) {
    // The type is only seen by a Table read; the server's 422 tells it as well (rules 2).
    if (mayRecreate(stage, *failure)) return recreate(stage);
    return std::move(*failure);
  }
  auto object = std::get<Observed>(std::move(applied));
  if (how.release && othersHold(object, request)) {
    auto released = release(stage, request, object);
    if (auto* failure = std::get_if<KubeFailure>(&released)) return std::move(*failure);
    object = std::get<Observed>(std::move(released));
  }
  return finished(stage, how.kind, std::move(object));
}

KubeResult<Applied> write(Stage const& stage) {
  bool const heal = stage.performance.plan.action == core::Action::heal;
  return overwrite(stage,
                   {heal, heal, heal ? core::OutcomeKind::healed : core::OutcomeKind::updated});
}

}  // namespace kms_secretd::apply

// SPDX-License-Identifier: Apache-2.0
#include <utility>

#include "apply/desired_object.hpp"
#include "apply/holders.hpp"
#include "apply/steps.hpp"
#include "core/marks.hpp"

namespace kms_secretd::apply {
namespace {

using core::KubeFailure;
using core::KubeFailureKind;
using core::KubeResult;

constexpr char const* foreignRemedy =
    "choose another name, delete the Secret, or set adopt = \"if-equal\" or \"force\"";

KubeFailure foreign(Stage const& stage, std::string who) {
  KubeFailure failure;
  failure.kind = KubeFailureKind::foreign;
  failure.message = stage.performance.definition.id.text() + " was created meanwhile by others (" +
                    std::move(who) + ") and is left as it was";
  failure.remedy = foreignRemedy;
  return failure;
}

/// Takes back what our apply added to an object that is not ours: an apply that declares nothing.
/// The uid keeps it from creating an empty Secret where the object is gone by now.
KubeFailure withdraw(Stage const& stage, core::Observed const& object) {
  auto const manager = core::marks::fieldManager(stage.performance.instance);
  auto failure = foreign(stage, namesOfOthers(object, manager));
  ApplyRequest nothing;
  nothing.target = stage.performance.definition.id;
  nothing.fieldManager = manager;
  nothing.uid = object.uid;
  auto const reply = stage.api.apply(nothing, stage.call);
  auto const* refused = std::get_if<KubeFailure>(&reply);
  if (refused != nullptr && refused->kind != KubeFailureKind::changed) {
    failure.kind = refused->kind;
    failure.retryAfter = refused->retryAfter;
    failure.createUnsettled = true;
    failure.message = stage.performance.definition.id.text() +
                      " was created meanwhile by others and what we added could not be taken "
                      "back: " +
                      refused->message;
    failure.remedy =
        std::string(
            "it is tried again until it is done; if kms-secretd stops before that, remove "
            "the label ") +
        core::marks::instanceLabel + " from it by hand";
  }
  return failure;
}

/// True if a request that ended so may have been carried out all the same.
bool mayHaveArrived(KubeFailureKind kind) {
  return kind == KubeFailureKind::unavailable || kind == KubeFailureKind::timed_out ||
         kind == KubeFailureKind::invalid_response || kind == KubeFailureKind::cancelled;
}

// No object ever has it: a server that knows the name refuses the apply, whoever owns the object;
// one that does not creates it.
constexpr char const* versionOfNone = "1";

ApplyRequest requestOf(Stage const& stage) {
  auto request = desiredObject(stage.performance);
  if (stage.performance.observed.presumed) request.resourceVersion = versionOfNone;
  return request;
}

/// True if the server's no may only mean that there is something: then it is looked at.
bool mayExist(KubeFailureKind kind) {
  return kind == KubeFailureKind::changed || kind == KubeFailureKind::contested ||
         kind == KubeFailureKind::invalid || kind == KubeFailureKind::type_differs;
}

KubeFailure lookFirst(Stage const& stage) {
  KubeFailure failure;
  failure.kind = KubeFailureKind::changed;
  failure.message =
      stage.performance.definition.id.text() + " is there already and was left as it was";
  failure.remedy = "nothing: it is looked at at once";
  return failure;
}

KubeFailure stillThere(Stage const& stage) {
  KubeFailure failure;
  failure.kind = KubeFailureKind::changed;
  failure.message = stage.performance.definition.id.text() +
                    " is still being deleted; it is created as soon as it is gone";
  failure.remedy = "find out which controller owns its finalizer";
  return failure;
}

/// A create that found something (200). Our own object is no stranger: a create whose answer was
/// lost, or another daemon of this instance. Withdrawing then would empty our own Secret.
KubeResult<Applied> met(Stage const& stage, core::Observed object) {
  auto const manager = core::marks::fieldManager(stage.performance.instance);
  if (!object.createdBy(manager)) return withdraw(stage, object);
  if (object.terminating) return stillThere(stage);
  object.type = stage.performance.definition.type;
  auto applied = appliedAs(core::OutcomeKind::updated, stage.performance, std::move(object));
  applied.note = "the Secret had been created by this instance already";
  return applied;
}

}  // namespace

KubeResult<Applied> withdrawClaim(Stage const& stage) {
  return withdraw(stage, stage.performance.observed);
}

KubeResult<Applied> create(Stage const& stage) {
  auto reply = stage.api.apply(requestOf(stage), stage.call);
  if (auto* failure = std::get_if<KubeFailure>(&reply)) {
    if (stage.performance.observed.presumed && mayExist(failure->kind)) return lookFirst(stage);
    if (failure->kind != KubeFailureKind::contested) {
      failure->createUnsettled = mayHaveArrived(failure->kind);
      return std::move(*failure);
    }
    // Nothing was written: what somebody created meanwhile has other values in it.
    auto met =
        foreign(stage, failure->conflicts.empty() ? "unknown" : failure->conflicts.front().manager);
    met.status = failure->status;
    met.conflicts = std::move(failure->conflicts);
    return met;
  }
  auto& answer = std::get<ApplyReply>(reply);
  if (!answer.created) return met(stage, std::move(answer.object));
  answer.object.type = stage.performance.definition.type;
  return appliedAs(core::OutcomeKind::created, stage.performance, std::move(answer.object));
}

}  // namespace kms_secretd::apply

// SPDX-License-Identifier: Apache-2.0
#include "app/write_guard.hpp"

#include <algorithm>

namespace kms_secretd::app {
namespace {

// As if the daemon stopped: the round ends without a word and comes again when this daemon leads.
core::KubeFailure notLeading(core::TargetId const& target) {
  return {.kind = core::KubeFailureKind::cancelled,
          .message = target.text() + " is not written: this daemon does not hold the Lease",
          .remedy = "nothing: the daemon that holds it writes"};
}

core::KubeFailure held(core::TargetId const& target, std::vector<std::string> const& differing) {
  core::KubeFailure failure;
  failure.kind = core::KubeFailureKind::invalid;
  failure.message = target.text() + " is not deleted while definitions differ on";
  for (auto const& name : differing) {
    failure.message += ' ';
    failure.message += name;
  }
  failure.remedy = "give all daemons of this instance the same definitions";
  return failure;
}

}  // namespace

template <class T, class Send>
core::KubeResult<T> WriteGuard::guarded(core::TargetId const& target, apply::KubeCall const& call,
                                        Send send) const {
  auto const window = questions_.window();
  auto bounded = call;
  bounded.deadline = std::min(call.deadline, window.endBy);
  // Nothing may stand between this look at the clock and the request.
  if (questions_.clock->boot() >= std::min(window.beginBefore, window.endBy)) {
    return notLeading(target);
  }
  return send(bounded);
}

core::KubeResult<core::Observed> WriteGuard::observe(core::TargetId const& target,
                                                     apply::KubeCall const& call) {
  return api_.observe(target, call);
}

core::KubeResult<apply::ApplyReply> WriteGuard::apply(apply::ApplyRequest const& request,
                                                      apply::KubeCall const& call) {
  return guarded<apply::ApplyReply>(request.target, call, [&](apply::KubeCall const& bounded) {
    return api_.apply(request, bounded);
  });
}

core::KubeResult<core::Observed> WriteGuard::releaseKeys(apply::KeyChange const& change,
                                                         apply::KubeCall const& call) {
  return guarded<core::Observed>(change.target, call, [&](apply::KubeCall const& bounded) {
    return api_.releaseKeys(change, bounded);
  });
}

core::KubeResult<core::Observed> WriteGuard::removeKeys(apply::KeyChange const& change,
                                                        apply::KubeCall const& call) {
  return guarded<core::Observed>(change.target, call, [&](apply::KubeCall const& bounded) {
    return api_.removeKeys(change, bounded);
  });
}

core::KubeResult<bool> WriteGuard::remove(apply::KeyChange const& change,
                                          apply::KubeCall const& call) {
  if (auto const differing = questions_.differing(); !differing.empty()) {
    return held(change.target, differing);
  }
  return guarded<bool>(change.target, call, [&](apply::KubeCall const& bounded) {
    return api_.remove(change, bounded);
  });
}

}  // namespace kms_secretd::app

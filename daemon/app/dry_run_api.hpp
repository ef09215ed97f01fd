// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "apply/kube_api.hpp"

namespace kms_secretd::app {

/// Lets through what changes nothing, observing and dry runs, and refuses everything else: what is
/// built on it cannot write. Any thread.
class DryRunApi final : public apply::KubeApi {
 public:
  /// `api` outlives this object.
  explicit DryRunApi(apply::KubeApi& api) : api_(api) {}

  core::KubeResult<core::Observed> observe(core::TargetId const& target,
                                           apply::KubeCall const& call) override {
    return api_.observe(target, call);
  }
  core::KubeResult<apply::ApplyReply> apply(apply::ApplyRequest const& request,
                                            apply::KubeCall const& call) override {
    if (!request.dryRun) return refused();
    return api_.apply(request, call);
  }
  core::KubeResult<core::Observed> releaseKeys(apply::KeyChange const& /*change*/,
                                               apply::KubeCall const& /*call*/) override {
    return refused();
  }
  core::KubeResult<core::Observed> removeKeys(apply::KeyChange const& /*change*/,
                                              apply::KubeCall const& /*call*/) override {
    return refused();
  }
  core::KubeResult<bool> remove(apply::KeyChange const& /*change*/,
                                apply::KubeCall const& /*call*/) override {
    return refused();
  }

 private:
  static core::KubeFailure refused() {
    return {.kind = core::KubeFailureKind::invalid, .message = "nothing is written here"};
  }

  apply::KubeApi& api_;
};

}  // namespace kms_secretd::app

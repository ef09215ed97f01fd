// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include <kms-secretd/clock.hpp>

#include "app/election.hpp"
#include "apply/kube_api.hpp"

namespace kms_secretd::app {

/// What the guard asks before each write. Any thread.
struct GuardQuestions {
  sdk::Clock const* clock = nullptr;
  std::function<LeaseWindow()> window{};
  std::function<std::vector<std::string>()> differing{};  ///< members with other definitions
};

/// Stands between the rounds and the API server: lets a write through only while this daemon holds
/// the Lease, and only with a deadline that ends before anybody else can take over (rules 6). Reads
/// pass. Deletes nothing while the daemons' definitions differ. Any thread.
class WriteGuard final : public apply::KubeApi {
 public:
  /// `api` and what `questions` refer to outlive the guard.
  WriteGuard(apply::KubeApi& api, GuardQuestions questions)
      : api_(api), questions_(std::move(questions)) {}

  core::KubeResult<core::Observed> observe(core::TargetId const& target,
                                           apply::KubeCall const& call) override;
  core::KubeResult<apply::ApplyReply> apply(apply::ApplyRequest const& request,
                                            apply::KubeCall const& call) override;
  core::KubeResult<core::Observed> releaseKeys(apply::KeyChange const& change,
                                               apply::KubeCall const& call) override;
  core::KubeResult<core::Observed> removeKeys(apply::KeyChange const& change,
                                              apply::KubeCall const& call) override;
  core::KubeResult<bool> remove(apply::KeyChange const& change,
                                apply::KubeCall const& call) override;

 private:
  template <class T, class Send>
  core::KubeResult<T> guarded(core::TargetId const& target, apply::KubeCall const& call,
                              Send send) const;

  apply::KubeApi& api_;
  GuardQuestions questions_;
};

}  // namespace kms_secretd::app

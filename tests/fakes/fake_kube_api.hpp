// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <deque>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "apply/kube_api.hpp"

namespace kms_secretd::fakes {

/// A KubeApi that answers by script and remembers what it was asked. An unscripted call answers
/// `unavailable`. Thread-safe.
class FakeKubeApi final : public apply::KubeApi {
 public:
  /// One call as it came in. `apply.data` is empty; keys and values are in `data`.
  struct Call {
    std::string verb{};  ///< observe, apply, releaseKeys, removeKeys, remove
    core::TargetId target{};
    apply::ApplyRequest apply{};
    apply::KeyChange change{};
    std::vector<std::pair<std::string, std::string>> data{};
    bool cancellable = false;

    /// What matters for a script: e.g. "apply force uid=u rv=1 keys=a,b" or "remove uid=u rv=1".
    [[nodiscard]] std::string text() const;
  };

  void willObserve(core::KubeResult<core::Observed> answer);
  void willApply(core::KubeResult<apply::ApplyReply> answer);
  void willRelease(core::KubeResult<core::Observed> answer);
  void willRemoveKeys(core::KubeResult<core::Observed> answer);
  void willRemove(core::KubeResult<bool> answer);

  /// All calls so far, in order.
  [[nodiscard]] std::vector<Call> calls() const;
  /// Their texts, one a line.
  [[nodiscard]] std::string log() const;

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
  template <class T>
  using Script = std::deque<core::KubeResult<T>>;
  template <class T>
  core::KubeResult<T> next(Script<T>& script, Call call);

  mutable std::mutex mutex_;
  std::vector<Call> calls_;
  Script<core::Observed> observes_;
  Script<apply::ApplyReply> applies_;
  Script<core::Observed> releases_;
  Script<core::Observed> keyRemovals_;
  Script<bool> removals_;
};

}  // namespace kms_secretd::fakes

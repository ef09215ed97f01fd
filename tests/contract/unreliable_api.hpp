// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <deque>
#include <utility>

#include "apply/kube_api.hpp"

namespace kms_secretd::contract {

/// What becomes of one apply.
enum class Fate {
  answered,     ///< as usual
  answer_lost,  ///< carried out, but the answer never comes
  not_sent,     ///< the server never hears of it
};

/// The real client behind a network that loses what the test says: one fate for each apply, in
/// order; later ones are answered.
class UnreliableApi final : public apply::KubeApi {
 public:
  UnreliableApi(apply::KubeApi& api, std::deque<Fate> fates)
      : api_(api), fates_(std::move(fates)) {}

  core::KubeResult<core::Observed> observe(core::TargetId const& target,
                                           apply::KubeCall const& call) override {
    return api_.observe(target, call);
  }
  core::KubeResult<apply::ApplyReply> apply(apply::ApplyRequest const& request,
                                            apply::KubeCall const& call) override {
    auto const fate = next();
    core::KubeFailure lost;
    lost.kind = core::KubeFailureKind::unavailable;
    lost.message = "the connection was lost";
    if (fate == Fate::not_sent) return lost;
    auto answer = api_.apply(request, call);
    if (fate == Fate::answer_lost) return lost;
    return answer;
  }
  core::KubeResult<core::Observed> releaseKeys(apply::KeyChange const& change,
                                               apply::KubeCall const& call) override {
    return api_.releaseKeys(change, call);
  }
  core::KubeResult<core::Observed> removeKeys(apply::KeyChange const& change,
                                              apply::KubeCall const& call) override {
    return api_.removeKeys(change, call);
  }
  core::KubeResult<bool> remove(apply::KeyChange const& change,
                                apply::KubeCall const& call) override {
    return api_.remove(change, call);
  }

 private:
  Fate next() {
    if (fates_.empty()) return Fate::answered;
    auto const fate = fates_.front();
    fates_.pop_front();
    return fate;
  }

  apply::KubeApi& api_;
  std::deque<Fate> fates_;
};

}  // namespace kms_secretd::contract

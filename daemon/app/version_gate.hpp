// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include <kms-secretd/clock.hpp>

#include "apply/kube_api.hpp"
#include "core/kube_failure.hpp"
#include "kube/server_version.hpp"
#include "platform/guarded.hpp"
#include "report/events.hpp"

namespace kms_secretd::app {

/// What the gate works with; all of it outlives the gate.
struct VersionGateSettings {
  std::string cluster{};
  sdk::Clock const* clock = nullptr;
  std::function<std::string()> server{};        ///< for messages
  std::function<std::uint64_t()> generation{};  ///< grows when the login leads elsewhere, perhaps
};

/// Asks an API server for its version before the first request goes there and whenever the
/// connection was lost, and lets nothing through to one that is too old (it is asked again every
/// minute). One that does not tell is taken, with a notice. Any thread; waits only for the answer.
class VersionGate {
 public:
  struct News {
    report::EventId id;
    std::string text;
  };
  /// GET /version.
  using Ask = std::function<core::KubeResult<kube::ServerVersion>(apply::KubeCall const&)>;

  explicit VersionGate(VersionGateSettings settings) : settings_(std::move(settings)) {}

  /// Why a request must not be sent; nothing where it may. Sends `ask` where the version is not
  /// known, or not any more.
  [[nodiscard]] std::optional<core::KubeFailure> admit(Ask const& ask, apply::KubeCall const& call);
  /// A request ended like that: after a silence it may be another server that answers next.
  void ended(core::KubeFailure const& failure);
  /// The same of any result; a good one says nothing.
  template <class T>
  void ended(core::KubeResult<T> const& result) {
    if (auto const* failure = std::get_if<core::KubeFailure>(&result)) ended(*failure);
  }
  /// What was found since the last call.
  [[nodiscard]] std::vector<News> takeNews();
  /// True if a failed question says that the server is there and will not tell its version. Pure.
  [[nodiscard]] static bool untold(core::KubeFailure const& failure) noexcept;

 private:
  enum class Verdict { unknown, good, too_old };
  struct State {
    Verdict verdict = Verdict::unknown;
    core::KubeFailure refusal{};  // where it is too old
    sdk::BootTime askedAt{};
    std::uint64_t generation = 0;
    std::string said{};  // what was last told of it
    std::vector<News> news{};
  };

  [[nodiscard]] bool known(State& state, std::optional<core::KubeFailure>& refusal) const;
  [[nodiscard]] std::optional<core::KubeFailure> judge(
      core::KubeResult<kube::ServerVersion> const& answer);
  void say(State& state, report::EventId id, std::string text) const;

  VersionGateSettings const settings_;
  platform::Guarded<State> state_{};
};

/// Stands in front of all requests of rounds and holds them back as the gate says. Any thread.
class VersionedApi final : public apply::KubeApi {
 public:
  /// `api`, `gate` and what `ask` refers to outlive it.
  VersionedApi(apply::KubeApi& api, VersionGate& gate, VersionGate::Ask ask)
      : api_(api), gate_(gate), ask_(std::move(ask)) {}

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
  core::KubeResult<T> admitted(apply::KubeCall const& call, Send send);

  apply::KubeApi& api_;
  VersionGate& gate_;
  VersionGate::Ask const ask_;
};

}  // namespace kms_secretd::app

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include <kms-secretd/clock.hpp>

#include "app/election.hpp"
#include "app/members.hpp"
#include "apply/kube_api.hpp"
#include "core/kube_failure.hpp"
#include "kube/lease.hpp"
#include "platform/guarded.hpp"
#include "platform/stop.hpp"
#include "platform/wake_event.hpp"
#include "report/events.hpp"

namespace kms_secretd::app {

/// What the leadership works with; all of it outlives the leadership.
struct LeadershipSettings {
  ElectionSettings election{};
  Members::Self self{};
  core::LeasePlace place{};  ///< for messages, and to tell whether a reload changes it
  std::string cluster{};     ///< the same; where the Lease is
  sdk::Clock const* clock = nullptr;
  std::function<core::KubeResult<std::optional<kube::Lease>>(apply::KubeCall const&)> read{};
  std::function<core::KubeResult<kube::Lease>(kube::Lease const&, apply::KubeCall const&)> write{};
};

/// Keeps or seeks the Lease of this instance (rules 6), on a thread of its own, for a request may
/// take its time. Decides by Election and Members; says what changed as news for the journal.
class Leadership {
 public:
  struct News {
    report::EventId id;
    std::string text;
  };

  explicit Leadership(LeadershipSettings settings);
  ~Leadership();
  Leadership(Leadership const&) = delete;
  Leadership& operator=(Leadership const&) = delete;

  /// Goes on where `before`, which must be stopped, left off, if both speak of the same Lease;
  /// false and nothing done otherwise. Before start().
  bool inherit(Leadership& before);
  /// Begins. Throws std::system_error where no thread can be had (cannot start).
  void start();
  /// Ends the thread, within a second; the Lease stays as it is. Again is nothing.
  void stop();
  /// Gives the Lease up so that another can take it at once, and leaves the members; for a stopped
  /// leadership whose rounds have ended. Best effort until `deadline`.
  void release(sdk::BootTime deadline);

  /// True while this daemon may begin to work. Any thread, as all below.
  [[nodiscard]] bool leads();
  /// True while another daemon is known to lead.
  [[nodiscard]] bool standsBy();
  /// The bounds of a write that begins now.
  [[nodiscard]] LeaseWindow window();
  /// Live members whose definitions differ from ours; while there are any nothing is deleted.
  [[nodiscard]] std::vector<std::string> differing();
  /// "leads since ..." or "standby: NODE leads since ...", for the status line.
  [[nodiscard]] std::string sentence();
  /// What was found since the last call.
  [[nodiscard]] std::vector<News> takeNews();
  /// Readable after leads() may have changed, until clearWake().
  [[nodiscard]] int wakeFd() const noexcept { return wake_.fd(); }
  void clearWake() noexcept { wake_.clear(); }

  /// One attempt to lead or to go on leading. Called by the thread; by tests without one.
  void attempt();
  /// How long to wait before the next attempt.
  [[nodiscard]] sdk::Milliseconds pause();

 private:
  struct State {
    Election election;
    Members members;
    std::vector<News> news{};
    bool led = false;             // what was last said
    std::string saidLeader{};     // the other leader that was last said
    std::string saidDiffering{};  // the members that were last said to differ
    std::string trouble{};        // why the Lease cannot be had; empty: it can
    bool saidTrouble = false;
    int failures = 0;     // attempts in a row that failed
    std::string since{};  // when we began to lead
  };

  void run();
  [[nodiscard]] bool look();
  [[nodiscard]] std::optional<core::KubeFailure> claim();
  void announce();
  void took(kube::Lease lease);
  void failed(core::KubeFailure const& failure);
  void worked();
  void judge();
  void judgeDiffering(State& state, sdk::BootTime now);
  [[nodiscard]] apply::KubeCall call();

  LeadershipSettings const settings_;
  platform::Guarded<State> state_;
  std::optional<kube::Lease> lease_{};  // as last read or written; only the thread's
  platform::EventCancellation stop_{};
  platform::WakeEvent wake_{};
  std::thread thread_{};
};

/// An identity unlike that of any other process: host name, underscore, ten random hex digits.
struct ProcessIdentity {
  std::string node{};    ///< host name, at most 63 plain characters
  std::string random{};  ///< ten hex digits
  [[nodiscard]] std::string text() const { return node + "_" + random; }
};

/// Draws one. Throws std::system_error where the kernel gives no randomness (cannot start).
[[nodiscard]] ProcessIdentity drawIdentity();

}  // namespace kms_secretd::app

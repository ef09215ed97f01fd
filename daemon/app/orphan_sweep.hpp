// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include <kms-secretd/clock.hpp>

#include "apply/kube_api.hpp"
#include "core/outcome.hpp"
#include "kube/secret_list.hpp"
#include "plan/orphans.hpp"
#include "platform/guarded.hpp"
#include "platform/stop.hpp"
#include "platform/wake_event.hpp"
#include "report/log.hpp"

namespace kms_secretd::app {

/// What the sweep works with; all of it outlives the sweep.
struct SweepSettings {
  std::string cluster = "default";
  std::string instance = "default";
  std::set<std::string> namespaces{};  ///< to look in
  std::set<core::TargetId> defined{};  ///< what the configuration defines
  std::string approved{};              ///< by the configuration
  sdk::Milliseconds timeout{15'000};   ///< of one request
  /// How long this daemon works before it deletes: until then the Lease has told of every member.
  sdk::Milliseconds patience{0};
  sdk::Clock const* clock = nullptr;
  std::function<core::KubeResult<bool>(std::string const& namespaceName,
                                       kube::SecretVisitor const& visitor, apply::KubeCall const&)>
      list{};  ///< of the Secrets with our label
  std::function<core::KubeResult<bool>(apply::KeyChange const&, apply::KubeCall const&)> remove{};
  std::function<bool()> mayWork{};                        ///< this daemon leads
  std::function<std::vector<std::string>()> differing{};  ///< members with other definitions
  std::function<void()> wake{};                           ///< there is news
};

/// Deletes the Secrets of ours whose definition is gone and that say themselves, by what was
/// written on them, that they are to be deleted then (rules 2 and 6): once after each load and each
/// time this daemon begins to lead, on a thread of its own, for lists and deletions take their
/// time. What is much at once is held until somebody approves exactly that.
class OrphanSweep {
 public:
  explicit OrphanSweep(SweepSettings settings);
  ~OrphanSweep();
  OrphanSweep(OrphanSweep const&) = delete;
  OrphanSweep& operator=(OrphanSweep const&) = delete;

  /// Begins. Throws std::system_error where no thread can be had (cannot start).
  void start();
  /// Ends the thread, within a second. Again is nothing.
  void stop();

  /// What waits for approval. Any thread, as all below.
  [[nodiscard]] std::optional<core::HeldChange> held();
  /// Approves the deletion of that name; false if another one is held, or none.
  [[nodiscard]] bool approve(std::string const& change);
  /// "; 12 deletions held: ...", for the status line; empty where none is.
  [[nodiscard]] std::string sentence();
  /// The namespaces where something may be left to delete: those of a sweep that has not ended.
  [[nodiscard]] std::set<std::string> unfinished();
  /// What was found since the last call.
  [[nodiscard]] std::vector<report::LogRecord> takeNews();

  /// One look and what follows from it; how long to wait before the next. Called by the thread; by
  /// tests without one.
  [[nodiscard]] sdk::Milliseconds attempt();

 private:
  struct State {
    bool done = false;  // nothing is left to do until this daemon begins to lead anew
    std::optional<sdk::BootTime> worksSince{};
    std::optional<core::HeldChange> held{};
    std::string approvedNow{};
    std::string saidHeld{};               // the change that was last said to be held
    std::set<std::string> saidTrouble{};  // what was said to go wrong
    std::vector<report::LogRecord> news{};
  };
  struct Found {
    plan::OrphanInput input{};
    sdk::Milliseconds wait{0};  // until what could not be listed is tried again
  };

  void run();
  [[nodiscard]] bool mayBegin();
  void ended();
  [[nodiscard]] Found look();
  void look(std::string const& namespaceName, Found& found);
  [[nodiscard]] bool hold(Found& found);
  [[nodiscard]] sdk::Milliseconds removeAll(Found const& found);
  [[nodiscard]] std::optional<core::KubeFailure> removeOne(plan::FoundSecret const& orphan);
  [[nodiscard]] sdk::Milliseconds trouble(std::string what, core::KubeFailure const& failure);
  void say(report::EventId id, std::string text, std::vector<report::LogField> fields);
  [[nodiscard]] apply::KubeCall call() const;

  SweepSettings const settings_;
  platform::Guarded<State> state_{};
  platform::EventCancellation stop_{};
  platform::WakeEvent wake_{};
  std::thread thread_{};
};

}  // namespace kms_secretd::app

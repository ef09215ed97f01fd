// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <condition_variable>
#include <deque>
#include <memory>
#include <optional>
#include <variant>

#include <kms-secretd/clock.hpp>

#include "control/plan_under_way.hpp"
#include "control/view.hpp"
#include "platform/guarded.hpp"
#include "platform/wake_event.hpp"

namespace kms_secretd::control {

/// Who answers: the main loop. Main thread.
class Answerer {
 public:
  virtual ~Answerer() = default;
  [[nodiscard]] virtual Snapshot snapshot() = 0;
  [[nodiscard]] virtual SyncReply sync(SyncRequest const& request) = 0;
  [[nodiscard]] virtual ApproveReply approve(ApproveRequest const& request) = 0;
  /// Begins a plan; makes it elsewhere.
  [[nodiscard]] virtual PlanReply plan(PlanRequest const& request) = 0;
};

/// Where questions to the main loop are put. The main loop never waits for who asks; who asks waits
/// for it, for a while. Any thread asks, the main thread answers.
class Desk {
 public:
  /// How the main loop is. Nothing if it did not answer within `patience`, or the desk closed.
  [[nodiscard]] std::shared_ptr<Snapshot const> snapshot(sdk::Milliseconds patience);
  /// Asks for rounds; nothing as above. A request that was not answered in time is never carried
  /// out later.
  [[nodiscard]] std::optional<SyncReply> sync(SyncRequest request, sdk::Milliseconds patience);
  /// Approves a held change; as sync().
  [[nodiscard]] std::optional<ApproveReply> approve(ApproveRequest request,
                                                    sdk::Milliseconds patience);
  /// Has a plan begun; as sync().
  [[nodiscard]] std::optional<PlanReply> plan(PlanRequest request, sdk::Milliseconds patience);
  /// Ends every wait, present and future.
  void close();

  /// Readable while questions wait.
  [[nodiscard]] int wakeFd() const noexcept { return wake_.fd(); }
  /// Answers what waits. Main thread.
  void serve(Answerer& answerer);

 private:
  struct Question {
    std::optional<SyncRequest> sync{};  // none of the three: a snapshot is wanted
    std::optional<ApproveRequest> approve{};
    std::optional<PlanRequest> plan{};
    std::shared_ptr<Snapshot const> snapshot{};
    std::optional<SyncReply> synced{};
    std::optional<ApproveReply> approved{};
    std::optional<PlanReply> planned{};
    bool abandoned = false;
    [[nodiscard]] bool answered() const noexcept {
      return snapshot || synced || approved || planned;
    }
  };
  struct State {
    std::deque<std::shared_ptr<Question>> waiting{};  // shared: who asked may have gone
    bool closed = false;
  };
  template <class Reply>
  [[nodiscard]] Reply replyTo(Question asked, Reply Question::*reply, sdk::Milliseconds patience);
  void ask(std::shared_ptr<Question> const& question, sdk::Milliseconds patience);
  [[nodiscard]] std::deque<std::shared_ptr<Question>> takeWaiting();
  void answer(Question& question, Answerer& answerer);

  platform::Guarded<State> state_{};
  std::condition_variable answered_{};
  platform::WakeEvent wake_{};
};

}  // namespace kms_secretd::control

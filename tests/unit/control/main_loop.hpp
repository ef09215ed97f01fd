// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <poll.h>

#include <algorithm>
#include <atomic>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "control/desk.hpp"
#include "platform/guarded.hpp"
#include "unit/control/example.hpp"

namespace kms_secretd::control {

/// Answers with the example, and remembers what was to be synced.
class ExampleAnswers final : public Answerer {
 public:
  Snapshot snapshot() override { return exampleSnapshot(); }
  SyncReply sync(SyncRequest const& request) override {
    lastSync = request.target  ? "target " + request.target->text()
               : request.store ? "store " + *request.store
                               : "all";
    SyncReply reply;
    reply.notHere = notHere;
    if (!notHere.empty()) return reply;
    for (auto const& target : exampleSnapshot().targets) {
      if (request.target && target.id != *request.target) continue;
      reply.promised.push_back({.id = target.id, .doneAt = target.rounds + 1});
    }
    return reply;
  }
  ApproveReply approve(ApproveRequest const& request) override {
    lastApproval = (request.target ? request.target->text() : "deletions") + " " + request.change;
    ApproveReply reply;
    reply.notHere = notHere;
    reply.approved = request.change == "a1b2c3d4";
    if (!reply.approved) reply.why = "no change of that name is held";
    return reply;
  }
  PlanReply plan(PlanRequest const& request) override {
    if (request.targets == std::vector<std::string>{"a/absent"}) {
      return {.refusal = PlanRefusal::unknown_target, .why = "no [[secret]] defines a/absent"};
    }
    if (planned && !planned->document()) {
      return {.refusal = PlanRefusal::busy, .why = "a plan is under way"};
    }
    lastPlan = request;
    planned = std::make_shared<PlanUnderWay>();
    return {.plan = planned};
  }
  PlanRequest lastPlan{};
  std::shared_ptr<PlanUnderWay> planned{};
  std::string lastSync{};
  std::string lastApproval{};
  std::string notHere{};
};

/// A main loop that does nothing but answer, on a thread of its own.
class MainLoop {
 public:
  explicit MainLoop(Desk& desk) : desk_(desk), thread_([this] { run(); }) {}
  ~MainLoop() {
    over_ = true;
    thread_.join();
  }
  [[nodiscard]] std::string lastSync() { return answers_.lock()->lastSync; }

  [[nodiscard]] std::string lastApproval() { return answers_.lock()->lastApproval; }

  /// The plan that was begun last; null if none was.
  [[nodiscard]] std::shared_ptr<PlanUnderWay> planned() { return answers_.lock()->planned; }
  [[nodiscard]] PlanRequest lastPlan() { return answers_.lock()->lastPlan; }

  void refuse(std::string why) { answers_.lock()->notHere = std::move(why); }

 private:
  void run() {
    while (!over_) {
      pollfd wake{.fd = desk_.wakeFd(), .events = POLLIN, .revents = 0};
      ::poll(&wake, 1, 5);
      auto answers = answers_.lock();
      desk_.serve(*answers);
    }
  }

  Desk& desk_;
  platform::Guarded<ExampleAnswers> answers_{};
  std::atomic<bool> over_{false};
  std::thread thread_;
};

}  // namespace kms_secretd::control

// SPDX-License-Identifier: Apache-2.0
#include "control/desk.hpp"

#include <chrono>
#include <utility>

namespace kms_secretd::control {

template <class Reply>
Reply Desk::replyTo(Question asked, Reply Question::*reply, sdk::Milliseconds patience) {
  auto const question = std::make_shared<Question>(std::move(asked));
  ask(question, patience);
  auto const access = state_.lock();
  return (*question).*reply;
}

std::shared_ptr<Snapshot const> Desk::snapshot(sdk::Milliseconds patience) {
  return replyTo({}, &Question::snapshot, patience);
}

std::optional<SyncReply> Desk::sync(SyncRequest request, sdk::Milliseconds patience) {
  return replyTo({.sync = std::move(request)}, &Question::synced, patience);
}

std::optional<ApproveReply> Desk::approve(ApproveRequest request, sdk::Milliseconds patience) {
  return replyTo({.approve = std::move(request)}, &Question::approved, patience);
}

std::optional<PlanReply> Desk::plan(PlanRequest request, sdk::Milliseconds patience) {
  return replyTo({.plan = std::move(request)}, &Question::planned, patience);
}

void Desk::ask(std::shared_ptr<Question> const& question, sdk::Milliseconds patience) {
  auto const until = std::chrono::steady_clock::now() + patience;
  auto access = state_.lock();
  if (access->closed) return;
  access->waiting.push_back(question);
  wake_.set();
  access.waitUntil(answered_, until, [&] { return question->answered() || access->closed; });
  question->abandoned = true;
}

void Desk::close() {
  state_.lock()->closed = true;
  answered_.notify_all();
}

std::deque<std::shared_ptr<Desk::Question>> Desk::takeWaiting() {
  wake_.clear();
  auto access = state_.lock();
  return std::exchange(access->waiting, {});
}

void Desk::serve(Answerer& answerer) {
  for (auto const& question : takeWaiting()) answer(*question, answerer);
}

// A request is carried out under the lock, so that it is either answered or abandoned, never both.
void Desk::answer(Question& question, Answerer& answerer) {
  if (question.sync || question.approve || question.plan) {
    auto access = state_.lock();
    if (question.abandoned || access->closed) return;
    if (question.sync) question.synced = answerer.sync(*question.sync);
    if (question.approve) question.approved = answerer.approve(*question.approve);
    if (question.plan) question.planned = answerer.plan(*question.plan);
  } else {
    auto snapshot = std::make_shared<Snapshot const>(answerer.snapshot());
    auto access = state_.lock();
    question.snapshot = std::move(snapshot);
  }
  answered_.notify_all();
}

}  // namespace kms_secretd::control

// SPDX-License-Identifier: Apache-2.0
#include "app/plan_thread.hpp"

#include <chrono>
#include <exception>
#include <utility>

namespace kms_secretd::app {

PlanThread::~PlanThread() {
  end();
  join();
}

void PlanThread::begin(std::shared_ptr<control::PlanUnderWay> plan, Work work) {
  state_.lock()->over = false;
  plan_ = std::move(plan);
  work_ = std::move(work);
  thread_ = std::thread([this] { run(); });
}

// Whatever breaks, the daemon's work goes on: who waits is told that there is no plan.
void PlanThread::run() {
  auto const spend = [this](std::string const& store) {
    ++state_.lock()->spent[store];
    wake_.set();
  };
  std::string document;
  try {
    document = work_(plan_->ending(), spend);
  } catch (std::exception const&) {
    document.clear();
  }
  plan_->finish(std::move(document));
  state_.lock()->over = true;
  over_.notify_all();
  wake_.set();
}

std::map<std::string, std::uint32_t> PlanThread::collect() {
  wake_.clear();
  auto const over = state_.lock()->over;
  if (over) join();
  return std::exchange(state_.lock()->spent, {});
}

void PlanThread::end() noexcept {
  if (plan_) plan_->end();
}

bool PlanThread::drain(sdk::Milliseconds patience) {
  if (!busy()) return true;
  auto const until = std::chrono::steady_clock::now() + patience;
  auto const ended = [&] {
    auto access = state_.lock();
    return access.waitUntil(over_, until, [&] { return access->over; });
  }();
  if (ended) join();
  return ended;
}

void PlanThread::join() {
  if (thread_.joinable()) thread_.join();
  work_ = {};
  plan_.reset();
}

}  // namespace kms_secretd::app

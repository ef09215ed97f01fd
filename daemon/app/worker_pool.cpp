// SPDX-License-Identifier: Apache-2.0
#include "app/worker_pool.hpp"

#include <algorithm>
#include <utility>

#include "platform/process_hardening.hpp"

namespace kms_secretd::app {

WorkerPool::~WorkerPool() {
  {
    std::lock_guard const lock(mutex_);
    closing_ = true;
  }
  jobReady_.notify_all();
  for (auto& thread : threads_) thread.join();
}

void WorkerPool::submit(Job job) {
  {
    std::lock_guard const lock(mutex_);
    jobs_.push_back(std::move(job));
    ++busy_;
    auto const wanted = std::min(size_, busy_);
    if (threads_.size() < wanted) threads_.emplace_back([this] { work(); });
  }
  jobReady_.notify_one();
}

std::size_t WorkerPool::idle() const {
  std::lock_guard const lock(mutex_);
  return size_ - busy_;
}

std::vector<core::Outcome> WorkerPool::takeOutcomes() {
  wake_.clear();
  std::lock_guard const lock(mutex_);
  return std::exchange(outcomes_, {});
}

bool WorkerPool::drain(sdk::Milliseconds most) {
  std::unique_lock lock(mutex_);
  return ended_.wait_for(lock, most, [this] { return busy_ == 0; });
}

void WorkerPool::work() {
  std::unique_lock lock(mutex_);
  while (true) {
    jobReady_.wait(lock, [this] { return closing_ || !jobs_.empty(); });
    if (jobs_.empty()) return;
    auto job = std::move(jobs_.front());
    jobs_.pop_front();
    lock.unlock();
    auto outcome = job();
    job = nullptr;
    platform::scrubStack();
    lock.lock();
    outcomes_.push_back(std::move(outcome));
    --busy_;
    lock.unlock();  // who is woken need not wait for it
    wake_.set();
    ended_.notify_all();
    lock.lock();
  }
}

}  // namespace kms_secretd::app

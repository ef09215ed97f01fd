// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

#include <kms-secretd/clock.hpp>

#include "core/due.hpp"
#include "core/outcome.hpp"
#include "platform/wake_event.hpp"

namespace kms_secretd::app {

/// Runs rounds on threads of its own, each started when it is first needed. The main thread submits
/// rounds and takes outcomes; a round must not throw.
class WorkerPool {
 public:
  using Job = std::function<core::Outcome()>;

  /// At most `size` threads.
  explicit WorkerPool(std::size_t size) : size_(size) {}
  /// Waits for the rounds under way: cancel them before.
  ~WorkerPool();
  WorkerPool(WorkerPool const&) = delete;
  WorkerPool& operator=(WorkerPool const&) = delete;

  /// Hands a round to a thread. Main thread.
  void submit(Job job);
  /// How many rounds could be submitted without waiting. Main thread.
  [[nodiscard]] std::size_t idle() const;
  /// The outcomes that came in since the last call; clears the wake event. Main thread.
  [[nodiscard]] std::vector<core::Outcome> takeOutcomes();
  /// Readable while outcomes wait.
  [[nodiscard]] int wakeFd() const noexcept { return wake_.fd(); }
  /// Waits until every round has ended, at most `most`. True if it did. Main thread.
  [[nodiscard]] bool drain(sdk::Milliseconds most);

 private:
  void work();

  std::size_t size_;
  mutable std::mutex mutex_;
  std::condition_variable jobReady_;
  std::condition_variable ended_;
  std::deque<Job> jobs_;
  std::vector<core::Outcome> outcomes_;
  std::size_t busy_ = 0;  // rounds queued or under way
  bool closing_ = false;
  platform::WakeEvent wake_;
  std::vector<std::thread> threads_;
};

}  // namespace kms_secretd::app

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <utility>

namespace kms_secretd::alicloud {

/// A Guarded value that threads can also wait on.
template <class T>
class Monitor {
 public:
  /// Calls `body` with the value under the lock and returns what it returns.
  template <class Body>
  decltype(auto) with(Body&& body) {
    std::lock_guard const lock(mutex_);
    return std::forward<Body>(body)(value_);
  }
  /// Sleeps until tellAll() or the time is over, unless `isOver(value)` already holds.
  template <class Condition>
  void waitFor(std::chrono::milliseconds time, Condition&& isOver) {
    std::unique_lock lock(mutex_);
    if (!isOver(std::as_const(value_))) changed_.wait_for(lock, time);
  }
  /// Wakes everybody who waits.
  void tellAll() { changed_.notify_all(); }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  T value_{};
};

}  // namespace kms_secretd::alicloud

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <condition_variable>
#include <mutex>
#include <utility>

namespace kms_secretd::platform {

/// A value that several threads share: it can only be reached through lock(), so no access without
/// the lock compiles. Methods may be called from any thread.
template <class T>
class Guarded {
 public:
  /// Holds the lock while it lives; reach the value through * and ->.
  class Access {
   public:
    T& operator*() noexcept { return *value_; }
    T* operator->() noexcept { return value_; }
    /// Gives the lock up, waits until `changed` is notified and `ready()` holds, takes it again.
    template <class Ready>
    void wait(std::condition_variable& changed, Ready ready) {
      changed.wait(lock_, std::move(ready));
    }

    /// As wait(), but at most until `until`; tells whether `ready()` holds.
    template <class TimePoint, class Ready>
    bool waitUntil(std::condition_variable& changed, TimePoint until, Ready ready) {
      return changed.wait_until(lock_, until, std::move(ready));
    }

   private:
    friend class Guarded;
    Access(std::mutex& mutex, T& value) : lock_(mutex), value_(&value) {}
    std::unique_lock<std::mutex> lock_;
    T* value_;
  };

  /// Builds the value from `args`.
  template <class... Args>
  explicit Guarded(Args&&... args) : value_(std::forward<Args>(args)...) {}
  Guarded(Guarded const&) = delete;
  Guarded& operator=(Guarded const&) = delete;

  /// Waits for the lock; the value is yours until the returned scope ends.
  [[nodiscard]] Access lock() { return Access(mutex_, value_); }

 private:
  std::mutex mutex_;
  T value_;
};

}  // namespace kms_secretd::platform

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <mutex>
#include <utility>

namespace kms_secretd::alicloud {

/// A value that several threads share: it can only be reached under its lock.
template <class T>
class Guarded {
 public:
  Guarded() = default;
  explicit Guarded(T value) : value_(std::move(value)) {}

  /// Calls `body` with the value under the lock and returns what it returns. Never call back into
  /// the same Guarded from `body`.
  template <class Body>
  decltype(auto) with(Body&& body) {
    std::lock_guard const lock(mutex_);
    return std::forward<Body>(body)(value_);
  }

 private:
  std::mutex mutex_;
  T value_{};
};

}  // namespace kms_secretd::alicloud

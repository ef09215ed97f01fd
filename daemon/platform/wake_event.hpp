// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>

#include "platform/unique_fd.hpp"

namespace kms_secretd::platform {

/// An eventfd that wakes a poll() again and again. Any thread may set it, one thread clears it.
/// What is set already, or clear already, costs no system call.
class WakeEvent {
 public:
  /// Throws std::system_error if the process is out of descriptors (cannot start).
  WakeEvent();
  /// Makes the descriptor readable. Async-signal-safe.
  void set() noexcept;
  /// Makes it unreadable again; to be called before looking at what was announced.
  void clear() noexcept;
  /// For poll(); never read from it.
  [[nodiscard]] int fd() const noexcept { return event_.get(); }

 private:
  UniqueFd event_;
  std::atomic<bool> set_{false};
};

}  // namespace kms_secretd::platform

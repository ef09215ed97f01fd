// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>

#include "platform/clock.hpp"

namespace kms_secretd::platform {

/// The system's clocks plus what a test adds: time jumps instead of passing. Any thread.
class AdjustableClock final : public sdk::Clock {
 public:
  void advance(sdk::Milliseconds by) noexcept { added_ += by.count(); }
  [[nodiscard]] sdk::BootTime boot() const noexcept override {
    return system_.boot() + sdk::Milliseconds(added_.load());
  }
  [[nodiscard]] sdk::WallTime wall() const noexcept override {
    return system_.wall() + sdk::Milliseconds(added_.load());
  }

 private:
  SystemClock system_{};
  std::atomic<sdk::Milliseconds::rep> added_{0};
};

}  // namespace kms_secretd::platform

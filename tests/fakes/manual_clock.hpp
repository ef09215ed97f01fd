// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>

#include <kms-secretd/clock.hpp>

namespace kms_secretd::fakes {

/// A clock that tests turn by hand; both clocks go together. Any thread.
class ManualClock final : public sdk::Clock {
 public:
  [[nodiscard]] sdk::BootTime boot() const noexcept override {
    return sdk::BootTime(sdk::Milliseconds(now_.load()));
  }
  [[nodiscard]] sdk::WallTime wall() const noexcept override {
    return sdk::WallTime(sdk::Milliseconds(1'790'000'000'000 + now_.load()));
  }
  void advance(sdk::Milliseconds by) { now_ += by.count(); }

 private:
  std::atomic<sdk::Milliseconds::rep> now_{1'000'000};
};

}  // namespace kms_secretd::fakes

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>

#include <kms-secretd/clock.hpp>

namespace fetch_test {

/// A clock that tests turn by hand.
class ManualClock final : public kms_secretd::sdk::Clock {
 public:
  [[nodiscard]] kms_secretd::sdk::BootTime boot() const noexcept override {
    return kms_secretd::sdk::BootTime(kms_secretd::sdk::Milliseconds(now_.load()));
  }
  [[nodiscard]] kms_secretd::sdk::WallTime wall() const noexcept override { return {}; }
  void advance(kms_secretd::sdk::Milliseconds by) { now_ += by.count(); }

 private:
  std::atomic<long> now_{1'000'000};
};

}  // namespace fetch_test

// SPDX-License-Identifier: Apache-2.0
#include "platform/clock.hpp"

#include <ctime>

namespace kms_secretd::platform {
namespace {

sdk::Milliseconds read(clockid_t clock) noexcept {
  timespec now{};
  ::clock_gettime(clock, &now);
  return sdk::Milliseconds(static_cast<sdk::Milliseconds::rep>(now.tv_sec) * 1000 +
                           now.tv_nsec / 1'000'000);
}

}  // namespace

sdk::BootTime SystemClock::boot() const noexcept { return sdk::BootTime(read(CLOCK_BOOTTIME)); }

sdk::WallTime SystemClock::wall() const noexcept { return sdk::WallTime(read(CLOCK_REALTIME)); }

}  // namespace kms_secretd::platform

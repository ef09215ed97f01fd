// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <kms-secretd/clock.hpp>

namespace kms_secretd::platform {

/// The host's clocks: CLOCK_BOOTTIME (goes on through suspend) and CLOCK_REALTIME, in whole
/// milliseconds. Any thread.
class SystemClock final : public sdk::Clock {
 public:
  [[nodiscard]] sdk::BootTime boot() const noexcept override;
  [[nodiscard]] sdk::WallTime wall() const noexcept override;
};

}  // namespace kms_secretd::platform

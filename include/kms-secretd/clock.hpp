// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>

namespace kms_secretd::sdk {

/// Marks times that count from the host's boot and go on through suspend (CLOCK_BOOTTIME).
/// It is a tag only: times come from Clock, so that tests can pass their own.
struct BootClock {
  using duration = std::chrono::milliseconds;
  using rep = duration::rep;
  using period = duration::period;
  using time_point = std::chrono::time_point<BootClock>;
  static constexpr bool is_steady = true;
};

using BootTime = BootClock::time_point;                             ///< deadlines and waits
using WallTime = std::chrono::sys_time<std::chrono::milliseconds>;  ///< protocol dates, status
using Milliseconds = std::chrono::milliseconds;

/// Where time comes from. Implementations may be called from any thread.
class Clock {
 public:
  virtual ~Clock() = default;
  /// Time since boot, suspend included; never goes back.
  [[nodiscard]] virtual BootTime boot() const noexcept = 0;
  /// UTC as the host believes it; may jump.
  [[nodiscard]] virtual WallTime wall() const noexcept = 0;
};

}  // namespace kms_secretd::sdk

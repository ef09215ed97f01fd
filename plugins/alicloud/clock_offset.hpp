// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstdint>
#include <limits>
#include <string_view>

#include <kms-secretd/clock.hpp>

namespace kms_secretd::alicloud {

/// The service's time as this backend signs with it: the host's UTC, until the service refuses a
/// date and its own Date field teaches better. What was learned is tied to the boot clock, so it
/// stays right when NTP later sets the host's UTC. Any thread; one atomic word.
class ClockOffset {
 public:
  /// `clock` outlives this object.
  explicit ClockOffset(sdk::Clock const& clock) noexcept : clock_(clock) {}

  /// The time to sign with.
  [[nodiscard]] sdk::WallTime now() const noexcept;

  /// Learns from the Date field of a reply that refused `signedDate`, the date we had sent. True if
  /// a repeat can help; false where it cannot: the field is unreadable, or says the same as we did
  /// within a minute (the service tolerates 15).
  bool learn(sdk::WallTime signedDate, std::string_view serverDate) noexcept;

 private:
  static constexpr std::int64_t unknown = std::numeric_limits<std::int64_t>::min();

  sdk::Clock const& clock_;
  std::atomic<std::int64_t> serverMinusBoot_{unknown};  ///< milliseconds
};

}  // namespace kms_secretd::alicloud

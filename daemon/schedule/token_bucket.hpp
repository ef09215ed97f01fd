// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <kms-secretd/clock.hpp>

namespace kms_secretd::schedule {

/// How many calls a store may take now. Pure: time is passed in. Counts calls, not targets (B16).
///
/// The rate halves when the store throttles and grows back by a tenth of the full rate a minute
/// (rules 5); after an outage it ramps up over half a minute.
class TokenBucket {
 public:
  /// `perSecond` calls a second, more than 0; holds `burst` calls, or one second's worth (at least
  /// one) where that is 0. What throttling takes from the rate it takes from the burst, too.
  TokenBucket(double perSecond, sdk::BootTime now, double burst = 0);

  /// True if a call may start now. May end in debt: a round with several reads is not split.
  [[nodiscard]] bool open(sdk::BootTime now);
  /// Takes `calls` tokens.
  void take(double calls, sdk::BootTime now);
  /// Halves the rate (the store throttled).
  void throttle(sdk::BootTime now);
  /// Starts again at a tenth of the rate (the store came back).
  void ramp(sdk::BootTime now);
  /// When open() will next be true, `now` if it is.
  [[nodiscard]] sdk::BootTime opensAt(sdk::BootTime now);
  /// The current rate in calls a second.
  [[nodiscard]] double rate(sdk::BootTime now) const noexcept;

 private:
  void refill(sdk::BootTime now);

  double fullRate_;
  double burst_;
  double factor_ = 1;  // what throttling left of the rate, at factorAt_
  sdk::BootTime factorAt_;
  sdk::BootTime rampFrom_{sdk::BootTime::min()};
  double tokens_;
  sdk::BootTime refilledAt_;
};

}  // namespace kms_secretd::schedule

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <kms-secretd/clock.hpp>

namespace kms_secretd::schedule {

/// Slows down the tug of war with somebody who undoes our writes (rules 3): the first heal is
/// immediate, each further one within 10 minutes waits twice as long, up to the interval. At most
/// five heals happen in ten minutes. Pure: time is passed in.
class HealPacing {
 public:
  /// How long from `now` until the next heal may be forced; 0 = at once.
  [[nodiscard]] sdk::Milliseconds waitBefore(sdk::BootTime now) const noexcept;
  /// A heal was written.
  void healed(sdk::BootTime now, sdk::Milliseconds interval) noexcept;
  /// True from the third heal in a row on.
  [[nodiscard]] bool contested(sdk::BootTime now) const noexcept;

 private:
  [[nodiscard]] bool fresh(sdk::BootTime now) const noexcept;

  int heals_ = 0;
  sdk::BootTime last_{};
  sdk::BootTime next_{};
};

}  // namespace kms_secretd::schedule

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "core/config.hpp"

namespace kms_secretd::schedule {

/// How many calls a second a store is asked for, next to what it may give.
struct Demand {
  std::string store{};
  std::size_t distinctReads = 0;
  double perSecond = 0;                   ///< asked for
  double limit = 0;                       ///< [store.*] requests_per_second
  sdk::Milliseconds resultingInterval{};  ///< the interval that the limit allows
  /// True above 80 % of the limit.
  [[nodiscard]] bool tooHigh() const noexcept { return perSecond > 0.8 * limit; }
  /// One sentence with both figures and the interval that will result.
  [[nodiscard]] std::string sentence() const;
};

/// The demand of every store: each distinct unpinned read once per its shortest interval (rules 4).
[[nodiscard]] std::vector<Demand> demandOf(core::Config const& config);

}  // namespace kms_secretd::schedule

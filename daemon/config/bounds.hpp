// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include <kms-secretd/clock.hpp>

#include "config/problem.hpp"
#include "config/section.hpp"

namespace kms_secretd::config {

/// From when to when a duration makes sense.
struct DurationBounds {
  sdk::Milliseconds least{};
  sdk::Milliseconds most{};
};

/// From where to where a number makes sense.
struct IntegerBounds {
  std::int64_t least = 0;
  std::int64_t most = 0;
};

inline constexpr DurationBounds intervalBounds{sdk::Milliseconds{5'000},
                                               sdk::Milliseconds{30LL * 86'400'000}};
inline constexpr DurationBounds timeoutBounds{sdk::Milliseconds{1'000}, sdk::Milliseconds{300'000}};
inline constexpr DurationBounds leaseBounds{sdk::Milliseconds{6'000}, sdk::Milliseconds{300'000}};
inline constexpr IntegerBounds rateBounds{1, 10'000};
inline constexpr IntegerBounds qpsBounds{0, 10'000};
inline constexpr IntegerBounds burstBounds{1, 20'000};
inline constexpr IntegerBounds workerBounds{1, 256};

/// Tells of a duration outside its bounds; `path` within the table.
void checkBounds(CheckedTable const& table, std::string const& path, DurationBounds bounds,
                 Findings& findings);
/// Tells of a number outside its bounds.
void checkBounds(CheckedTable const& table, std::string const& path, IntegerBounds bounds,
                 Findings& findings);

/// The options of the table that holds `path`; empty where it was not given.
[[nodiscard]] sdk::Options const& holderOf(sdk::Options const& options, std::string const& path);

/// The last part of a dotted path.
[[nodiscard]] std::string leafOf(std::string const& path);

}  // namespace kms_secretd::config

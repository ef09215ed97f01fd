// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <map>

#include <kms-secretd/clock.hpp>

#include "core/outcome.hpp"

namespace kms_secretd::report {

/// Counts rounds for the metrics. Main thread.
class RoundCounts {
 public:
  /// Upper bounds of the durations' buckets; the last bucket has none.
  static constexpr std::array bounds{sdk::Milliseconds{10},     sdk::Milliseconds{50},
                                     sdk::Milliseconds{100},    sdk::Milliseconds{250},
                                     sdk::Milliseconds{500},    sdk::Milliseconds{1'000},
                                     sdk::Milliseconds{2'500},  sdk::Milliseconds{5'000},
                                     sdk::Milliseconds{15'000}, sdk::Milliseconds{60'000}};

  /// A round ended.
  void add(core::Outcome const& outcome);
  [[nodiscard]] std::map<core::OutcomeKind, std::uint64_t> const& byKind() const noexcept {
    return byKind_;
  }
  /// Rounds by duration: bucket i holds those of at most bounds[i] that no earlier one holds.
  [[nodiscard]] std::array<std::uint64_t, bounds.size() + 1> const& buckets() const noexcept {
    return buckets_;
  }
  /// The time of all rounds together.
  [[nodiscard]] sdk::Milliseconds total() const noexcept { return total_; }

 private:
  std::map<core::OutcomeKind, std::uint64_t> byKind_{};
  std::array<std::uint64_t, bounds.size() + 1> buckets_{};
  sdk::Milliseconds total_{0};
};

}  // namespace kms_secretd::report

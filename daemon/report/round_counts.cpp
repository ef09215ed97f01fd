// SPDX-License-Identifier: Apache-2.0
#include "report/round_counts.hpp"

#include <algorithm>

namespace kms_secretd::report {

void RoundCounts::add(core::Outcome const& outcome) {
  ++byKind_[outcome.kind];
  auto const* const bound = std::ranges::lower_bound(bounds, outcome.duration);
  ++buckets_[static_cast<std::size_t>(bound - bounds.begin())];
  total_ += outcome.duration;
}

}  // namespace kms_secretd::report

// SPDX-License-Identifier: Apache-2.0
#include "schedule/rotation_poll.hpp"

#include <algorithm>
#include <cstdint>

#include "schedule/phase.hpp"

namespace kms_secretd::schedule {
namespace {

using namespace std::chrono_literals;

constexpr sdk::Milliseconds soonest = 2s;  // the service needs a moment, and clocks differ
constexpr sdk::Milliseconds spread = 5s;
constexpr sdk::Milliseconds shortestRepeat = 5s;
// Beyond any interval; keeps sums far from overflow whatever date a service writes.
constexpr sdk::Milliseconds farAway = 24h * 365;

}  // namespace

sdk::Milliseconds rotationWait(sdk::Milliseconds untilRotation, std::string_view key) noexcept {
  auto const jitter = sdk::Milliseconds(
      static_cast<std::int64_t>(stableHash(key) % static_cast<std::uint64_t>(spread.count())));
  auto const until = std::clamp(untilRotation, -farAway, farAway);
  if (until > -soonest) return until + soonest + jitter;
  return std::max(shortestRepeat, -until) + jitter / 5;
}

}  // namespace kms_secretd::schedule

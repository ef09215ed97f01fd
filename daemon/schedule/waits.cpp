// SPDX-License-Identifier: Apache-2.0
#include "schedule/waits.hpp"

#include <algorithm>
#include <array>
#include <cassert>

namespace kms_secretd::schedule {
namespace {

using core::KubeFailureKind;
using sdk::FailureKind;
using namespace std::chrono_literals;

constexpr std::array fetchTable{
    FetchWait{FailureKind::not_found, WaitRule::slow, GateEffect::answered},
    FetchWait{FailureKind::permission_denied, WaitRule::slow, GateEffect::answered},
    FetchWait{FailureKind::unauthenticated, WaitRule::one_minute, GateEffect::stop_minute},
    FetchWait{FailureKind::throttled, WaitRule::retry_after, GateEffect::halve_rate},
    FetchWait{FailureKind::unavailable, WaitRule::backoff, GateEffect::unanswered},
    FetchWait{FailureKind::timed_out, WaitRule::backoff, GateEffect::unanswered},
    FetchWait{FailureKind::invalid_request, WaitRule::slow, GateEffect::answered},
    FetchWait{FailureKind::invalid_response, WaitRule::slow, GateEffect::answered},
    FetchWait{FailureKind::internal, WaitRule::backoff, GateEffect::none},
};

constexpr std::array kubeTable{
    KubeWait{KubeFailureKind::changed, WaitRule::at_once_then_backoff, GateEffect::answered},
    KubeWait{KubeFailureKind::contested, WaitRule::heal_pacing, GateEffect::answered},
    KubeWait{KubeFailureKind::foreign, WaitRule::interval, GateEffect::answered},
    KubeWait{KubeFailureKind::type_differs, WaitRule::interval, GateEffect::answered},
    KubeWait{KubeFailureKind::invalid, WaitRule::interval, GateEffect::answered},
    KubeWait{KubeFailureKind::forbidden, WaitRule::five_minutes, GateEffect::answered},
    KubeWait{KubeFailureKind::namespace_absent, WaitRule::one_minute, GateEffect::answered},
    KubeWait{KubeFailureKind::unauthenticated, WaitRule::one_minute, GateEffect::stop_minute},
    KubeWait{KubeFailureKind::throttled, WaitRule::retry_after, GateEffect::answered},
    KubeWait{KubeFailureKind::unavailable, WaitRule::retry_after, GateEffect::unanswered},
    KubeWait{KubeFailureKind::timed_out, WaitRule::backoff, GateEffect::unanswered},
    KubeWait{KubeFailureKind::invalid_response, WaitRule::backoff, GateEffect::answered},
    KubeWait{KubeFailureKind::server_too_old, WaitRule::one_minute, GateEffect::stop_minute},
    KubeWait{KubeFailureKind::cancelled, WaitRule::now, GateEffect::none},
};

sdk::Milliseconds backoff(int failures, sdk::Milliseconds interval) noexcept {
  auto const doublings = std::clamp(failures - 1, 0, 20);
  return std::min<sdk::Milliseconds>(5s * (1 << doublings), interval);
}

// A contest that no heal of ours began (others hold a key that never was ours) is paced alike.
sdk::Milliseconds contestWait(int failures) noexcept {
  if (failures <= 1) return 0ms;
  return std::min<sdk::Milliseconds>(20s * (1 << std::min(failures - 2, 20)), 320s);
}

template <class Table, class Kind>
auto const& rowOf(Table const& table, Kind kind) noexcept {
  auto const at = std::ranges::find_if(table, [kind](auto const& row) { return row.kind == kind; });
  assert(at != table.end());
  return *at;
}

}  // namespace

std::span<FetchWait const> fetchWaits() noexcept { return fetchTable; }
std::span<KubeWait const> kubeWaits() noexcept { return kubeTable; }
FetchWait const& waitFor(FailureKind kind) noexcept { return rowOf(fetchTable, kind); }
KubeWait const& waitFor(KubeFailureKind kind) noexcept { return rowOf(kubeTable, kind); }

sdk::Milliseconds waitOf(WaitRule rule, WaitInput const& input) noexcept {
  switch (rule) {
    case WaitRule::at_once_then_backoff:
      return input.failuresInARow <= 1 ? 0ms : backoff(input.failuresInARow - 1, input.interval);
    case WaitRule::backoff:
      return backoff(input.failuresInARow, input.interval);
    case WaitRule::slow:
      return std::max<sdk::Milliseconds>(std::min<sdk::Milliseconds>(input.interval, 15min), 2min);
    case WaitRule::interval:
      return input.interval;
    case WaitRule::five_minutes:
      return 5min;
    case WaitRule::one_minute:
      return 1min;
    case WaitRule::retry_after:
      return std::max(input.retryAfter, backoff(input.failuresInARow, input.interval));
    case WaitRule::heal_pacing:
      return std::max(input.healWait, contestWait(input.failuresInARow));
    case WaitRule::now:
      return 0ms;
  }
  return input.interval;
}

}  // namespace kms_secretd::schedule

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>

#include <kms-secretd/clock.hpp>
#include <kms-secretd/failure.hpp>

#include "core/kube_failure.hpp"

namespace kms_secretd::schedule {

/// How long a target waits after a failed round (rules 5).
enum class WaitRule {
  at_once_then_backoff,  ///< 0 once, then 5 s doubling up to the interval
  backoff,               ///< 5 s doubling up to the interval
  slow,                  ///< the interval, at most 15 minutes, at least 2 minutes
  interval,              ///< the interval
  five_minutes,          ///< 5 minutes
  one_minute,            ///< 60 seconds
  retry_after,           ///< what the server asks for, else back-off
  heal_pacing,           ///< as heals are paced (rules 3); 0, 20 s, doubling where none was
  now,                   ///< 0
};

/// What a failure does to the peer's gate besides making its target wait.
enum class GateEffect {
  answered,     ///< the peer lives: nothing
  unanswered,   ///< counts for the breaker
  halve_rate,   ///< the rate halves
  stop_minute,  ///< the whole store or cluster stops for 60 s
  none,         ///< says nothing of the peer
};

/// One row of the table: the docs page is made from the same rows.
struct FetchWait {
  sdk::FailureKind kind;
  WaitRule wait;
  GateEffect effect;
};

/// One row of the table for the API server.
struct KubeWait {
  core::KubeFailureKind kind;
  WaitRule wait;
  GateEffect effect;
};

/// All rows, one for each kind.
[[nodiscard]] std::span<FetchWait const> fetchWaits() noexcept;
[[nodiscard]] std::span<KubeWait const> kubeWaits() noexcept;
/// The row of a kind.
[[nodiscard]] FetchWait const& waitFor(sdk::FailureKind kind) noexcept;
[[nodiscard]] KubeWait const& waitFor(core::KubeFailureKind kind) noexcept;

/// What a rule needs to become a time.
struct WaitInput {
  sdk::Milliseconds interval{};
  int failuresInARow = 1;           ///< this one included
  sdk::Milliseconds retryAfter{0};  ///< 0 = none
  sdk::Milliseconds healWait{0};    ///< from HealPacing
};

/// The wait of `rule`, without jitter.
[[nodiscard]] sdk::Milliseconds waitOf(WaitRule rule, WaitInput const& input) noexcept;

}  // namespace kms_secretd::schedule

// SPDX-License-Identifier: Apache-2.0
#include "schedule/breaker.hpp"

#include <algorithm>

namespace kms_secretd::schedule {
namespace {

constexpr int callsToOpen = 5;
constexpr sdk::Milliseconds firstProbe{5'000};
constexpr sdk::Milliseconds longestProbe{60'000};

}  // namespace

bool Breaker::allows(sdk::BootTime now) const noexcept {
  return !open_ || (!probing_ && now >= probeAt_);
}

void Breaker::started() noexcept {
  if (open_) probing_ = true;
}

bool Breaker::answered() noexcept {
  auto const closed = open_;
  *this = Breaker{};
  return closed;
}

void Breaker::unanswered(sdk::BootTime now) noexcept {
  ++inARow_;
  if (inARow_ < callsToOpen) return;
  // Calls that were under way when it opened must not push the next probe away.
  if (open_ && !probing_) return;
  wait_ = open_ ? std::min(wait_ * 2, longestProbe) : firstProbe;
  open_ = true;
  probing_ = false;
  probeAt_ = now + wait_;
}

}  // namespace kms_secretd::schedule

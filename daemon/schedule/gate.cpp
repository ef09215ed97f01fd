// SPDX-License-Identifier: Apache-2.0
#include "schedule/gate.hpp"

#include <algorithm>
#include <cassert>

namespace kms_secretd::schedule {

using namespace std::chrono_literals;

namespace {

constexpr sdk::Milliseconds longestPause = 1min;

}  // namespace

Gate::Gate(GateLimits limits, sdk::BootTime now) : limits_(limits) { fillBucket(now); }

void Gate::fillBucket(sdk::BootTime now) {
  bucket_.reset();
  if (limits_.perSecond) bucket_.emplace(*limits_.perSecond, now, limits_.burst);
}

bool Gate::open(std::uint32_t calls, sdk::BootTime now) {
  auto const shut = stopped(now) || now < pausedUntil_ || !breaker_.allows(now);
  if (inside_ >= limits_.slots || shut) return false;
  return calls == 0 || !bucket_ || bucket_->open(now);
}

void Gate::enter(std::uint32_t calls, sdk::BootTime now) {
  ++inside_;
  breaker_.started();
  if (bucket_ && calls != 0) bucket_->take(calls, now);
}

void Gate::leave(GateEffect effect, sdk::BootTime now) {
  assert(inside_ > 0);
  --inside_;
  switch (effect) {
    case GateEffect::none:
      return breaker_.abandoned();
    case GateEffect::unanswered:
      return breaker_.unanswered(now);
    case GateEffect::halve_rate:
      if (bucket_) bucket_->throttle(now);
      break;
    case GateEffect::stop_minute:
      stoppedUntil_ = now + 1min;
      break;
    case GateEffect::answered:
      break;
  }
  if (breaker_.answered() && bucket_) bucket_->ramp(now);
}

std::optional<sdk::BootTime> Gate::opensAt(sdk::BootTime now) {
  if (inside_ >= limits_.slots) return std::nullopt;
  auto at = std::max({now, stoppedUntil_, pausedUntil_});
  if (breaker_.isOpen()) {
    // A probe under way wakes the queue when it ends.
    if (!breaker_.allows(std::max(now, breaker_.probeAt()))) return std::nullopt;
    at = std::max(at, breaker_.probeAt());
  }
  return bucket_ ? std::max(at, bucket_->opensAt(now)) : at;
}

void Gate::adopt(GateLimits limits, sdk::BootTime now) {
  if (limits == limits_) return;
  limits_ = limits;
  fillBucket(now);
}

void Gate::settle(double calls, sdk::BootTime now) {
  if (bucket_) bucket_->take(calls, now);
}

void Gate::pause(sdk::Milliseconds wait, sdk::BootTime now) {
  pausedUntil_ = std::max(pausedUntil_, now + std::min<sdk::Milliseconds>(wait, longestPause));
}

double Gate::rate(sdk::BootTime now) const noexcept { return bucket_ ? bucket_->rate(now) : 0; }

}  // namespace kms_secretd::schedule

// SPDX-License-Identifier: Apache-2.0
#include "schedule/token_bucket.hpp"

#include <algorithm>
#include <cmath>

namespace kms_secretd::schedule {
namespace {

constexpr double smallestFactor = 0.01;
constexpr double growthPerMinute = 0.1;
constexpr double rampSeconds = 30;
constexpr double rampStart = 0.1;

double secondsBetween(sdk::BootTime from, sdk::BootTime to) {
  return std::chrono::duration<double>(to - from).count();
}

}  // namespace

TokenBucket::TokenBucket(double perSecond, sdk::BootTime now, double burst)
    : fullRate_(perSecond),
      burst_(burst == 0 ? perSecond : burst),
      factorAt_(now),
      tokens_(std::max(1.0, burst_)),
      refilledAt_(now) {}

double TokenBucket::rate(sdk::BootTime now) const noexcept {
  auto const grown = factor_ + growthPerMinute * secondsBetween(factorAt_, now) / 60;
  auto effective = fullRate_ * std::min(1.0, grown);
  if (rampFrom_ != sdk::BootTime::min()) {
    auto const share = rampStart + (1 - rampStart) * secondsBetween(rampFrom_, now) / rampSeconds;
    effective *= std::clamp(share, rampStart, 1.0);
  }
  return effective;
}

void TokenBucket::refill(sdk::BootTime now) {
  auto const current = rate(now);
  auto const most = std::max(1.0, burst_ * current / fullRate_);
  tokens_ = std::min(most, tokens_ + current * secondsBetween(refilledAt_, now));
  refilledAt_ = now;
}

bool TokenBucket::open(sdk::BootTime now) {
  refill(now);
  return tokens_ >= 1.0;
}

void TokenBucket::take(double calls, sdk::BootTime now) {
  refill(now);
  tokens_ -= calls;
}

void TokenBucket::throttle(sdk::BootTime now) {
  refill(now);
  factor_ = std::max(smallestFactor, std::min(1.0, rate(now) / fullRate_) / 2);
  factorAt_ = now;
  tokens_ = std::min(tokens_, 0.0);
}

void TokenBucket::ramp(sdk::BootTime now) {
  refill(now);
  rampFrom_ = now;
  tokens_ = std::min(tokens_, 1.0);
}

sdk::BootTime TokenBucket::opensAt(sdk::BootTime now) {
  if (open(now)) return now;
  auto const wait = (1.0 - tokens_) / rate(now) * 1000;
  return now + sdk::Milliseconds(static_cast<std::int64_t>(std::ceil(wait)) + 1);
}

}  // namespace kms_secretd::schedule

// SPDX-License-Identifier: Apache-2.0
#include "schedule/heal_pacing.hpp"

#include <algorithm>

namespace kms_secretd::schedule {
namespace {

using namespace std::chrono_literals;

// 0, 20, 60, 140, 300, (620) seconds: five writes in ten minutes.
constexpr sdk::Milliseconds firstWait = 20s;
constexpr sdk::Milliseconds window = 10min;
constexpr int healsToContest = 3;

}  // namespace

bool HealPacing::fresh(sdk::BootTime now) const noexcept {
  return heals_ == 0 || now - last_ >= window;
}

sdk::Milliseconds HealPacing::waitBefore(sdk::BootTime now) const noexcept {
  return fresh(now) || now >= next_ ? sdk::Milliseconds{0} : next_ - now;
}

void HealPacing::healed(sdk::BootTime now, sdk::Milliseconds interval) noexcept {
  if (fresh(now)) heals_ = 0;
  ++heals_;
  last_ = now;
  // The doubling goes on past a short interval: five writes in ten minutes is the promise.
  auto const cap = std::max<sdk::Milliseconds>(interval, 320s);
  next_ = now + std::min(firstWait * (1 << std::min(heals_ - 1, 20)), cap);
}

bool HealPacing::contested(sdk::BootTime now) const noexcept {
  return !fresh(now) && heals_ >= healsToContest;
}

}  // namespace kms_secretd::schedule

// SPDX-License-Identifier: Apache-2.0
#include "alicloud/refresh_rule.hpp"

#include <algorithm>
#include <chrono>

namespace kms_secretd::alicloud {

using namespace std::chrono_literals;

sdk::Milliseconds refreshWindow(sdk::Milliseconds lifetime) noexcept {
  return std::clamp<sdk::Milliseconds>(lifetime / 5, 0ms, 10min);
}

sdk::BootTime refreshTime(sdk::BootTime obtained, sdk::BootTime goodUntil, double jitter) noexcept {
  auto const window = refreshWindow(goodUntil - obtained);
  auto const ahead = static_cast<double>(window.count()) * std::clamp(jitter, 0.0, 1.0) / 2;
  return goodUntil - window - sdk::Milliseconds(static_cast<sdk::Milliseconds::rep>(ahead));
}

sdk::Milliseconds pauseBetweenRenewals(sdk::Milliseconds lifetime) noexcept {
  return std::clamp<sdk::Milliseconds>(refreshWindow(lifetime) / 10, 1s, 1min);
}

}  // namespace kms_secretd::alicloud

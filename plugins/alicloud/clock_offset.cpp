// SPDX-License-Identifier: Apache-2.0
#include "alicloud/clock_offset.hpp"

#include <chrono>

#include "alicloud/acs_date.hpp"

namespace kms_secretd::alicloud {

sdk::WallTime ClockOffset::now() const noexcept {
  auto const offset = serverMinusBoot_.load();
  if (offset == unknown) return clock_.wall();
  return sdk::WallTime(clock_.boot().time_since_epoch() + sdk::Milliseconds(offset));
}

bool ClockOffset::learn(sdk::WallTime signedDate, std::string_view serverDate) noexcept {
  auto const server = parseServerDate(serverDate);
  // Compared with what was sent and not with now(): another thread may have learned meanwhile, and
  // this caller still needs its repeat.
  if (!server || std::chrono::abs(*server - signedDate) < std::chrono::minutes(1)) return false;
  serverMinusBoot_ = (server->time_since_epoch() - clock_.boot().time_since_epoch()).count();
  return true;
}

}  // namespace kms_secretd::alicloud

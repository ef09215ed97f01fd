// SPDX-License-Identifier: Apache-2.0
#include "app/election.hpp"

#include "kube/lease.hpp"

namespace kms_secretd::app {
namespace {

using namespace std::chrono_literals;

// Between the end of the last write and the moment from which another may begin.
constexpr sdk::Milliseconds margin = 2s;
// As client-go: a released Lease is free at once for who reads the holder, and after a second for
// who only reads the duration.
constexpr sdk::Milliseconds releasedDuration = 1s;
// What others wrote is respected, but not for ever.
constexpr sdk::Milliseconds longestRespect = 1h;

}  // namespace

void Election::observed(std::optional<core::LeaseRecord> const& record, sdk::BootTime now) {
  if (record == record_) return;
  record_ = record;
  changedAt_ = now;
  if (!ours()) renewedAt_.reset();
}

bool Election::ours() const { return record_ && record_->holder == settings_.identity; }

sdk::Milliseconds Election::respectedFor() const {
  auto const said = record_->duration;
  return said < 1s || said > longestRespect ? settings_.lease : said;
}

std::optional<sdk::BootTime> Election::freeAt() const {
  if (!record_ || record_->holder.empty() || ours()) return std::nullopt;
  return changedAt_ + respectedFor();
}

bool Election::mayClaim(sdk::BootTime now) const {
  auto const free = freeAt();
  return !free || now >= *free;
}

core::LeaseRecord Election::claim(sdk::WallTime now) const {
  auto const time = kube::microTime(now);
  core::LeaseRecord next{.holder = settings_.identity,
                         .duration = settings_.lease,
                         .acquireTime = time,
                         .renewTime = time,
                         .transitions = 0};
  if (record_) next.transitions = record_->transitions + (ours() ? 0 : 1);
  if (ours()) next.acquireTime = record_->acquireTime;
  return next;
}

void Election::claimed(core::LeaseRecord const& record, sdk::BootTime sentAt, sdk::BootTime now) {
  record_ = record;
  changedAt_ = now;
  renewedAt_ = sentAt;
}

core::LeaseRecord Election::released(sdk::WallTime now) const {
  auto const time = kube::microTime(now);
  return {.holder = {},
          .duration = releasedDuration,
          .acquireTime = time,
          .renewTime = time,
          .transitions = record_ ? record_->transitions : 0};
}

LeaseWindow Election::window() const {
  if (!renewedAt_) return {};
  return {.beginBefore = *renewedAt_ + settings_.renewDeadline(),
          .endBy = *renewedAt_ + settings_.lease - margin};
}

}  // namespace kms_secretd::app

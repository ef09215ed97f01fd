// SPDX-License-Identifier: Apache-2.0
#include "schedule/phase.hpp"

namespace kms_secretd::schedule {

std::uint64_t stableHash(std::string_view text) noexcept {
  std::uint64_t hash = 0xcbf29ce484222325ULL;
  for (char const c : text) {
    hash ^= static_cast<unsigned char>(c);
    hash *= 0x100000001b3ULL;
  }
  // FNV's high bits are poor for names that differ in their last characters only.
  hash ^= hash >> 33;
  hash *= 0xff51afd7ed558ccdULL;
  hash ^= hash >> 33;
  hash *= 0xc4ceb9fe1a85ec53ULL;
  return hash ^ (hash >> 33);
}

sdk::Milliseconds phaseOf(core::SourceRef const& first, sdk::Milliseconds interval) noexcept {
  auto const hash = stableHash(first.text());
  return sdk::Milliseconds(
      static_cast<std::int64_t>(hash % static_cast<std::uint64_t>(interval.count())));
}

sdk::BootTime nextOnPhase(sdk::BootTime from, sdk::Milliseconds phase,
                          sdk::Milliseconds interval) noexcept {
  auto const sincePhase = (from.time_since_epoch() - phase) % interval;
  auto const behind = sincePhase.count() < 0 ? sincePhase + interval : sincePhase;
  return behind.count() == 0 ? from : from + (interval - behind);
}

}  // namespace kms_secretd::schedule

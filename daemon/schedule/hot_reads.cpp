// SPDX-License-Identifier: Apache-2.0
#include "schedule/hot_reads.hpp"

namespace kms_secretd::schedule {

void HotReads::ended(core::SourceRef const& read, bool usable, sdk::BootTime now) {
  underWay_.erase(read);
  if (usable) answeredAt_[read] = now;
}

bool HotReads::answered(core::SourceRef const& read, sdk::BootTime now) const {
  auto const at = answeredAt_.find(read);
  return at != answeredAt_.end() && now - at->second < lifetime;
}

void HotReads::prune(sdk::BootTime now) {
  std::erase_if(answeredAt_, [now](auto const& each) { return now - each.second >= lifetime; });
}

}  // namespace kms_secretd::schedule

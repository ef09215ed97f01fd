// SPDX-License-Identifier: Apache-2.0
#include "schedule/hot_reads.hpp"

namespace kms_secretd::schedule {

void HotReads::ended(core::SourceRef const& read, bool usable, sdk::BootTime now) {
  underWay_.erase(read);
  if (!usable) return;
  answeredAt_[read] = now;
  answers_.emplace_back(now, read);
}

bool HotReads::answered(core::SourceRef const& read, sdk::BootTime now) const {
  auto const at = answeredAt_.find(read);
  return at != answeredAt_.end() && now - at->second < lifetime;
}

void HotReads::prune(sdk::BootTime now) {
  for (; !answers_.empty() && now - answers_.front().first >= lifetime; answers_.pop_front()) {
    auto const at = answeredAt_.find(answers_.front().second);
    // It may have been answered again meanwhile.
    if (at != answeredAt_.end() && now - at->second >= lifetime) answeredAt_.erase(at);
  }
}

}  // namespace kms_secretd::schedule

// SPDX-License-Identifier: Apache-2.0
#include "fetch/call_counts.hpp"

namespace kms_secretd::fetch {

void CallCounts::add(CallKey key, sdk::Milliseconds time) {
  std::lock_guard const lock(mutex_);
  if (counts_.size() >= mostKeys && !counts_.contains(key)) key.code = "other";
  auto& count = counts_[key];
  ++count.calls;
  count.time += time;
}

std::map<CallKey, CallCount> CallCounts::all() const {
  std::lock_guard const lock(mutex_);
  return counts_;
}

}  // namespace kms_secretd::fetch

// SPDX-License-Identifier: Apache-2.0
#include "fetch/shared_reads.hpp"

#include <algorithm>

namespace kms_secretd::fetch {
namespace {

ReadResult copyOf(ReadResult const& result) {
  return result.ok() ? ReadResult(result.value()) : ReadResult(result.failure());
}

// An answer of the service holds for everybody who asks now; a broken connection does not.
bool shareable(ReadResult const& result) {
  if (result.ok()) return true;
  switch (result.failure().kind) {
    case sdk::FailureKind::not_found:
    case sdk::FailureKind::permission_denied:
    case sdk::FailureKind::invalid_request:
    case sdk::FailureKind::invalid_response:
      return true;
    default:
      return false;
  }
}

}  // namespace

ReadResult SharedReads::get(core::SourceRef const& read, std::function<ReadResult()> const& call) {
  auto const mine = std::make_shared<Read>();
  {
    std::unique_lock lock(mutex_);
    auto const at = reads_.find(read);
    auto const fresh = at != reads_.end() && (!at->second->result || !old(at->second->endedAt));
    if (fresh) {
      auto const theirs = at->second;
      ended_.wait(lock, [&] { return theirs->result.has_value(); });
      return copyOf(*theirs->result);
    }
    reads_.insert_or_assign(read, mine);
  }
  return keep(read, mine, call());
}

ReadResult SharedReads::keep(core::SourceRef const& read, std::shared_ptr<Read> const& mine,
                             ReadResult result) {
  auto answer = copyOf(result);
  {
    std::lock_guard const lock(mutex_);
    auto const forget = !shareable(result);
    mine->result.emplace(std::move(result));
    mine->endedAt = clock_.boot();
    auto const at = reads_.find(read);
    if (forget && at != reads_.end() && at->second == mine) reads_.erase(at);
    if (!forget) endings_.push_back({.at = mine->endedAt, .read = read});
  }
  ended_.notify_all();
  return answer;
}

void SharedReads::purge() {
  std::lock_guard const lock(mutex_);
  for (; !endings_.empty() && old(endings_.front().at); endings_.pop_front()) {
    auto const at = reads_.find(endings_.front().read);
    // The same may have been read again meanwhile: that ending is still to come.
    auto const gone = at != reads_.end() && at->second->result && old(at->second->endedAt);
    if (gone) reads_.erase(at);
  }
}

std::optional<sdk::BootTime> SharedReads::nextPurge() const {
  std::lock_guard const lock(mutex_);
  if (endings_.empty()) return std::nullopt;
  return endings_.front().at + lifetime;
}

}  // namespace kms_secretd::fetch

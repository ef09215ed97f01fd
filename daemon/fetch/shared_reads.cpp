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
    auto const fresh = at != reads_.end() &&
                       (!at->second->result || clock_.boot() - at->second->endedAt < lifetime);
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
  }
  ended_.notify_all();
  return answer;
}

void SharedReads::purge() {
  std::lock_guard const lock(mutex_);
  auto const now = clock_.boot();
  std::erase_if(reads_, [now](auto const& each) {
    return each.second->result && now - each.second->endedAt >= lifetime;
  });
}

std::optional<sdk::BootTime> SharedReads::nextPurge() const {
  std::lock_guard const lock(mutex_);
  std::optional<sdk::BootTime> next;
  for (auto const& [ref, read] : reads_) {
    if (!read->result) continue;
    auto const at = read->endedAt + lifetime;
    if (!next || at < *next) next = at;
  }
  return next;
}

}  // namespace kms_secretd::fetch

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include <kms-secretd/backend.hpp>
#include <kms-secretd/cancellation.hpp>
#include <kms-secretd/clock.hpp>

#include "core/definition.hpp"
#include "core/fetched.hpp"
#include "fetch/call_counts.hpp"
#include "fetch/shared_reads.hpp"

namespace kms_secretd::fetch {

/// A store's backend and the deadline of one call to it.
struct StoreAccess {
  sdk::Backend* backend = nullptr;  ///< outlives the fetcher
  sdk::Milliseconds timeout{15'000};
};

/// The reads for which some definition wants the extended configuration. They ask for it whoever
/// makes them, so that one answer still serves all.
[[nodiscard]] std::set<core::SourceRef> extendedReads(
    std::vector<std::shared_ptr<core::TargetDefinition const>> const& targets);

/// Reads everything that one round needs, all or nothing. Does not retry and does not wait:
/// the schedule let the round through only when its stores were free. Any thread.
class Fetcher {
 public:
  /// `clock` outlives the fetcher; `extended` are the reads that ask for the extended configuration
  /// as well.
  Fetcher(std::map<std::string, StoreAccess> stores, sdk::Clock const& clock,
          std::set<core::SourceRef> extended = {});

  /// All reads of `definition` in order; stops at the first that fails. A source that its store
  /// says does not exist is no failure where the definition removes its keys.
  [[nodiscard]] core::FetchResult fetch(core::TargetDefinition const& definition,
                                        sdk::Cancellation const* cancellation);
  /// Drops answers that are too old; see SharedReads.
  void purge() { reads_.purge(); }
  [[nodiscard]] std::optional<sdk::BootTime> nextPurge() const { return reads_.nextPurge(); }
  /// The calls made so far.
  [[nodiscard]] std::map<CallKey, CallCount> calls() const { return calls_.all(); }

 private:
  [[nodiscard]] ReadResult read(core::SourceRef const& source,
                                sdk::Cancellation const* cancellation);

  std::map<std::string, StoreAccess> stores_;
  sdk::Clock const& clock_;
  std::set<core::SourceRef> extended_;
  SharedReads reads_;
  CallCounts calls_{};
};

}  // namespace kms_secretd::fetch

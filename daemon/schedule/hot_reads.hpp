// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <deque>
#include <map>
#include <set>
#include <utility>

#include <kms-secretd/clock.hpp>

#include "core/names.hpp"

namespace kms_secretd::schedule {

/// Which reads are under way or were just answered: another target that needs the same one makes
/// no call of its own (rules 4). Pure: time is passed in.
class HotReads {
 public:
  /// How long an answer is counted on. The fetch room keeps values a little longer.
  static constexpr sdk::Milliseconds lifetime{2'000};

  void started(core::SourceRef const& read) { underWay_.insert(read); }
  /// The read ended; `usable` = others may have its answer.
  void ended(core::SourceRef const& read, bool usable, sdk::BootTime now);
  [[nodiscard]] bool underWay(core::SourceRef const& read) const {
    return underWay_.contains(read);
  }
  [[nodiscard]] bool answered(core::SourceRef const& read, sdk::BootTime now) const;
  /// Forgets what is too old.
  void prune(sdk::BootTime now);

  [[nodiscard]] std::size_t size() const noexcept { return underWay_.size() + answeredAt_.size(); }

 private:
  std::set<core::SourceRef> underWay_;
  std::map<core::SourceRef, sdk::BootTime> answeredAt_;
  std::deque<std::pair<sdk::BootTime, core::SourceRef>> answers_;  // in the order of time
};

}  // namespace kms_secretd::schedule

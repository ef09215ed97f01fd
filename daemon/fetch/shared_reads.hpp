// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>

#include <kms-secretd/backend.hpp>
#include <kms-secretd/clock.hpp>
#include <kms-secretd/failure.hpp>

#include "core/names.hpp"

namespace kms_secretd::fetch {

/// Shared: one read serves several targets, on several threads; immutable once made.
using SecretPtr = std::shared_ptr<sdk::FetchedSecret const>;
using ReadResult = sdk::Result<SecretPtr>;

/// Answers equal reads once: whoever comes while a read is under way waits for it, whoever comes
/// within a few seconds after it gets its answer. Values are gone, and wiped, after that.
/// All methods may be called from any thread.
class SharedReads {
 public:
  /// How long an answer is handed out. Longer than the schedule counts on it, never more than
  /// "a few seconds" (rules 4).
  static constexpr sdk::Milliseconds lifetime{5'000};

  explicit SharedReads(sdk::Clock const& clock) : clock_(clock) {}

  /// The answer of `read`, made by `call` if nobody else makes or made it. `call` must end by its
  /// own deadline; waiters end with it.
  ReadResult get(core::SourceRef const& read, std::function<ReadResult()> const& call);
  /// Drops (and thereby wipes) what is too old.
  void purge();
  /// When purge() will next have work; nothing if it holds nothing.
  [[nodiscard]] std::optional<sdk::BootTime> nextPurge() const;

 private:
  struct Read {
    std::optional<ReadResult> result{};
    sdk::BootTime endedAt{};
  };
  struct Ending {
    sdk::BootTime at{};
    core::SourceRef read{};
  };
  ReadResult keep(core::SourceRef const& read, std::shared_ptr<Read> const& mine,
                  ReadResult result);
  [[nodiscard]] bool old(sdk::BootTime endedAt) const {
    return clock_.boot() - endedAt >= lifetime;
  }

  sdk::Clock const& clock_;
  mutable std::mutex mutex_;
  std::condition_variable ended_;
  std::map<core::SourceRef, std::shared_ptr<Read>> reads_;  // shared with those who wait for it
  std::deque<Ending> endings_;  // in the order of time, so that purging looks at the old ones only
};

}  // namespace kms_secretd::fetch

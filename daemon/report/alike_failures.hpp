// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include <kms-secretd/clock.hpp>

#include "core/outcome.hpp"
#include "report/log.hpp"

namespace kms_secretd::report {

/// What failures have in common when one line can stand for many Secrets.
struct FailureKey {
  core::OutcomeKind kind = core::OutcomeKind::fetch_failed;
  std::string store{};    ///< whose read failed; empty where none did
  std::string cluster{};  ///< where nothing could be written; empty where a read failed
  std::string cause{};
  friend auto operator<=>(FailureKey const&, FailureKey const&) = default;
};

/// How much is said of failures that are alike.
struct AlikeLimits {
  std::size_t alone = 10;               ///< Secrets with a line of their own, until one is for all
  sdk::Milliseconds window{3'600'000};  ///< before others get one; between two lines for all
  sdk::Milliseconds first{60'000};      ///< how long the others are gathered for the first line
  sdk::Milliseconds growth{600'000};    ///< before a line that tells of twice as many, or anew
};

/// Folds the failures that a dead store or a lost right brings upon many Secrets: the first ones
/// are said, the others counted and said in one line. Pure; main thread.
class AlikeFailures {
 public:
  explicit AlikeFailures(AlikeLimits limits = {}) : limits_(limits) {}

  /// A round failed as `key`, with `sentence` to say. True if its Secret, which did not fail so
  /// before (`begins`), may be said alone.
  [[nodiscard]] bool admit(FailureKey const& key, bool begins, std::string sentence,
                           sdk::BootTime now, sdk::WallTime wall);
  /// True if one line speaks for all that fail as `key`, of which there are `members`.
  [[nodiscard]] bool spokenFor(FailureKey const& key, std::size_t members) const;
  /// The lines that are due. `members` tells how many Secrets fail now as a key says.
  [[nodiscard]] std::vector<LogRecord> look(
      std::function<std::size_t(FailureKey const&)> const& members, sdk::BootTime now);
  /// The lines of all that was counted and not said yet: for the end of the program.
  [[nodiscard]] std::vector<LogRecord> rest(
      std::function<std::size_t(FailureKey const&)> const& members, sdk::BootTime now);
  /// How many kinds of failures are remembered: at most one for each failing Secret, and those of
  /// the last hour.
  [[nodiscard]] std::size_t remembered() const noexcept { return groups_.size(); }

 private:
  struct Group {
    bool open = false;  // Secrets fail so now
    bool told = false;  // one line was said for all since it opened
    sdk::WallTime since{};
    sdk::BootTime opened{};
    sdk::BootTime window{};  // when the count of lines alone began
    sdk::BootTime spoken{};  // when one was said for all; counts if spokenEver
    bool spokenEver = false;
    std::size_t spokenOf = 0;  // how many Secrets that line told of
    std::size_t alone = 0;
    std::size_t unsaid = 0;  // Secrets that began to fail so and were not said
    std::size_t peak = 0;
    std::uint64_t rounds = 0;
    std::string example{};  // the newest sentence
  };

  [[nodiscard]] bool due(Group const& group, std::size_t members, sdk::BootTime now) const;
  [[nodiscard]] LogRecord reminder(FailureKey const& key, Group& group, std::size_t members,
                                   sdk::BootTime now) const;
  [[nodiscard]] static LogRecord ended(FailureKey const& key, Group const& group);

  AlikeLimits limits_;
  std::map<FailureKey, Group> groups_{};
};

}  // namespace kms_secretd::report

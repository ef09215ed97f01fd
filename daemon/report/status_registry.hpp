// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <kms-secretd/clock.hpp>

#include "core/outcome.hpp"
#include "core/seldom.hpp"
#include "report/alike_failures.hpp"

namespace kms_secretd::report {

/// One change that a target went through.
struct TargetChange {
  sdk::WallTime at{};
  core::OutcomeKind kind = core::OutcomeKind::unchanged;
  /// The cause of a failure as in TargetStatus; of a write the names of the keys that it changed,
  /// but of a new Secret, of which all are new.
  core::SharedText detail{};
};

/// What there is to say of a target beyond that it is well; of most there is nothing.
struct Remarks {
  std::string contest{};             ///< who keeps undoing our heals of what; empty = nobody
  std::vector<std::string> notes{};  ///< such as a key that is left out; of the last good round
  std::vector<core::SourceRotation> rotations{};  ///< of managed secrets, from the last success
  std::string message{};                          ///< of the last failure; empty where all is well
  std::string remedy{};                           ///< what to do about it
  std::optional<core::SourceRef> source{};        ///< the read that failed
  std::optional<core::HeldChange> held{};         ///< what waits for approval
  friend bool operator==(Remarks const&, Remarks const&) = default;
};

/// What is known of one target, for people.
struct TargetStatus {
  core::OutcomeKind last = core::OutcomeKind::unchanged;
  core::DueReason lastReason = core::DueReason::refresh;
  bool toldAlone = false;      ///< a line of its own told that it fails
  std::uint8_t lines = 0;      ///< about failures and recoveries, lately; see linesLately
  std::uint16_t unsaid = 0;    ///< failures that began since the last of them and got no line
  std::uint32_t failures = 0;  ///< rounds that failed in a row
  core::SharedText cause{};    ///< failure kind, code or plan reason; empty where all is well
  core::Seldom<Remarks> remarks{};
  sdk::WallTime since{};         ///< when it entered this state
  sdk::WallTime failingSince{};  ///< when the first of `failures` ended
  sdk::WallTime saidAt{};        ///< when the last line about a failure or recovery was written
  std::optional<sdk::WallTime> lastSuccess{};
  std::uint64_t rounds = 0;  ///< rounds ended since the start
  sdk::WallTime lastRound{};
  sdk::Milliseconds lastDuration{0};
  std::vector<TargetChange> history{};  ///< the last changes, oldest first; at most historySize
  [[nodiscard]] bool inSync() const noexcept { return last <= core::OutcomeKind::unchanged; }
};

/// How many changes of a target are remembered: enough to see a pattern, no growth with time.
inline constexpr std::size_t historySize = 8;

/// The short cause of an outcome ("not_found", "foreign", ...), empty where it is in sync.
[[nodiscard]] std::string causeOf(core::Outcome const& outcome);

/// What the failure of a target has in common with others'.
[[nodiscard]] FailureKey alikeOf(core::TargetId const& target, TargetStatus const& status);

/// How many lines about failures and recoveries a target had lately: one is forgotten every ten
/// minutes.
[[nodiscard]] std::uint8_t linesLately(TargetStatus const& status, sdk::WallTime now);

/// The last word on every target. Main thread.
class StatusRegistry {
 public:
  /// The state before, if there was one.
  std::optional<TargetStatus> record(core::Outcome const& outcome, sdk::WallTime now);
  /// Remembers that a line about the failure of a target, or its end, was written.
  void said(core::TargetId const& target, sdk::WallTime now);
  /// Counts a failure that begins and gets no line.
  void leftUnsaid(core::TargetId const& target);
  /// How many targets fail now as `key` says.
  [[nodiscard]] std::size_t alike(FailureKey const& key) const;
  /// Forgets targets that are no longer defined.
  void keepOnly(std::vector<core::TargetId> const& targets);
  /// A reload was refused and the configuration before it stays in force: said until one is taken.
  void configurationRefused(sdk::WallTime now);
  /// A reload was taken.
  void configurationTaken() { refusedSince_.reset(); }
  /// One line for `systemctl status`: how many, the one that failed first, a refused reload.
  [[nodiscard]] std::string summary(std::size_t defined) const;
  /// What to add to it on a daemon that can be asked: where to read on. Empty if nothing fails.
  [[nodiscard]] std::string advice() const;
  /// The state of a target, or null.
  [[nodiscard]] TargetStatus const* find(core::TargetId const& target) const;
  /// Since when the configuration on disk is refused; nothing if it is in force.
  [[nodiscard]] std::optional<sdk::WallTime> refusedSince() const noexcept { return refusedSince_; }
  /// How many targets are in sync.
  [[nodiscard]] std::size_t inSync() const noexcept { return targets_.size() - failing_.size(); }

 private:
  void count(core::TargetId const& target, TargetStatus const& status);
  void discount(core::TargetId const& target, TargetStatus const& status);
  [[nodiscard]] std::string contests() const;
  [[nodiscard]] std::string firstFailure() const;
  [[nodiscard]] std::string refusal() const;

  std::map<core::TargetId, TargetStatus> targets_;
  // Kept along, for the summary is made at each turn of the main loop.
  std::set<std::pair<sdk::WallTime, core::TargetId>> failing_{};  ///< by since when
  std::map<FailureKey, std::size_t> alike_{};
  std::set<core::TargetId> contested_{};
  std::set<core::TargetId> brokenRotations_{};
  std::optional<sdk::WallTime> refusedSince_{};
};

}  // namespace kms_secretd::report

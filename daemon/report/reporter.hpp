// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <set>
#include <string>
#include <vector>

#include <kms-secretd/clock.hpp>

#include "core/outcome.hpp"
#include "report/alike_failures.hpp"
#include "report/log.hpp"
#include "report/repeats.hpp"
#include "report/round_counts.hpp"
#include "report/status_registry.hpp"

namespace kms_secretd::report {

/// Turns what happened into lines: one outcome, one line, once. A write is always said, an
/// unchanged target never. A failure is said when it begins, when its cause changes and once an
/// hour, with the count of its rounds; of many that are alike the first ones, and then all in one
/// line; of a target that comes and goes six, and then one every ten minutes. Main thread.
class Reporter {
 public:
  /// `sink` and `clock` outlive the reporter.
  Reporter(LogSink& sink, sdk::Clock const& clock) : sink_(sink), clock_(clock) {}

  /// A round ended.
  void outcome(core::Outcome const& outcome);
  /// Something else happened; the severity is the catalogue's.
  void event(EventId id, std::string message, std::vector<LogField> fields = {});
  /// Says what is due by now: the lines that speak for many. Cheap; at each turn of the main loop.
  void look();
  /// Says how many failed that were not said yet: nothing comes after it.
  void lastLook();
  /// The last word on every target.
  [[nodiscard]] StatusRegistry& status() noexcept { return status_; }
  /// The rounds since the start.
  [[nodiscard]] RoundCounts const& rounds() const noexcept { return rounds_; }

 private:
  void sayWell(core::Outcome const& outcome, std::optional<TargetStatus> const& before);
  void sayFailure(core::Outcome const& outcome, std::optional<TargetStatus> const& before);
  void sayRotations(core::Outcome const& outcome);

  LogSink& sink_;
  sdk::Clock const& clock_;
  StatusRegistry status_;
  RoundCounts rounds_;
  AlikeFailures alike_;
  Repeats repeats_;
  std::set<core::SourceRef> brokenRotations_;  // one line for a source, however many read it
};

/// The event that stands for an outcome.
[[nodiscard]] EventId eventOf(core::Outcome const& outcome, bool failedBefore) noexcept;
/// The sentence for an outcome: what, which, why, and what to do.
[[nodiscard]] std::string sentenceOf(core::Outcome const& outcome);
/// The structured fields of an outcome.
[[nodiscard]] std::vector<LogField> fieldsOf(core::Outcome const& outcome);

}  // namespace kms_secretd::report

// SPDX-License-Identifier: Apache-2.0
#include "report/reporter.hpp"

#include <utility>

namespace kms_secretd::report {
namespace {

using namespace std::chrono_literals;

constexpr sdk::Milliseconds reminderAfter = 1h;

}  // namespace

void Reporter::event(EventId id, std::string message, std::vector<LogField> fields) {
  sink_.write({.event = id,
               .severity = rowOf(id).severity,
               .message = std::move(message),
               .fields = std::move(fields)});
}

void Reporter::outcome(core::Outcome const& outcome) {
  if (outcome.kind == core::OutcomeKind::cancelled) return;
  auto const now = clock_.wall();
  rounds_.add(outcome);
  auto const before = status_.record(outcome, now);
  if (outcome.inSync()) sayRotations(outcome);
  if (!worthALine(outcome, before)) return;
  auto const failedBefore = before && !before->inSync();
  event(eventOf(outcome, failedBefore), sentenceOf(outcome), fieldsOf(outcome));
  status_.said(outcome.target, now);
}

void Reporter::sayRotations(core::Outcome const& outcome) {
  for (auto const& rotation : outcome.record.rotations) {
    if (!rotation.broken) {
      brokenRotations_.erase(rotation.source);
      continue;
    }
    if (!brokenRotations_.insert(rotation.source).second) continue;
    event(EventId::rotation_broken,
          outcome.target.text() + ": KMS cannot rotate " + rotation.source.text() +
              " any more (AutomaticRotation is Invalid), its current value stays in use: look at "
              "the secret and at the instance or account behind it in the KMS console",
          {{"KMS_SECRETD_STORE", rotation.source.store},
           {"KMS_SECRETD_KMS_NAME", rotation.source.name}});
  }
}

bool Reporter::worthALine(core::Outcome const& outcome,
                          std::optional<TargetStatus> const& before) const {
  if (outcome.inSync()) {
    auto const recovered = before && !before->inSync();
    auto const news = before ? before->remarks->notes != outcome.notes : !outcome.notes.empty();
    return recovered || news || outcome.kind != core::OutcomeKind::unchanged;
  }
  if (!before || before->inSync() || before->cause != causeOf(outcome)) return true;
  if (before->remarks->held != outcome.held) return true;
  return clock_.wall() - before->saidAt >= reminderAfter;
}

}  // namespace kms_secretd::report

// SPDX-License-Identifier: Apache-2.0
#include "report/reporter.hpp"

#include <algorithm>
#include <utility>

#include "report/clock_words.hpp"

namespace kms_secretd::report {
namespace {

using namespace std::chrono_literals;

constexpr sdk::Milliseconds reminderAfter = 1h;
constexpr std::uint8_t mostLines =
    6;  // of one target that comes and goes, until they are forgotten

// ", in 12 rounds"
std::string inRounds(std::uint32_t failures) {
  return ", in " + std::to_string(failures) + (failures == 1 ? " round" : " rounds");
}

LogField failedRounds(std::uint32_t failures) {
  return {"KMS_SECRETD_FAILED_ROUNDS", std::to_string(failures)};
}

}  // namespace

void Reporter::event(EventId id, std::string message, std::vector<LogField> fields) {
  LogRecord const line{.event = id,
                       .severity = rowOf(id).severity,
                       .message = std::move(message),
                       .fields = std::move(fields)};
  if (repeats_.admit(line, clock_.boot())) sink_.write(line);
}

void Reporter::outcome(core::Outcome const& outcome) {
  if (outcome.kind == core::OutcomeKind::cancelled) return;
  auto const now = clock_.wall();
  rounds_.add(outcome);
  auto const before = status_.record(outcome, now);
  if (!outcome.inSync()) return sayFailure(outcome, before);
  sayRotations(outcome);
  sayWell(outcome, before);
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

// A write is said whatever came before: the lines of writes are the audit trail.
void Reporter::sayWell(core::Outcome const& outcome, std::optional<TargetStatus> const& before) {
  auto const recovered = before && !before->inSync();
  auto const news = before ? before->remarks->notes != outcome.notes : !outcome.notes.empty();
  auto const wrote = outcome.kind != core::OutcomeKind::unchanged;
  if (!wrote && !news && !(recovered && before->toldAlone)) return;
  auto fields = fieldsOf(outcome);
  auto text = sentenceOf(outcome);
  if (recovered) {
    text += "; it had failed since " + clockTime(before->failingSince) + inRounds(before->failures);
    fields.push_back(failedRounds(before->failures));
    status_.said(outcome.target, clock_.wall());
  }
  event(eventOf(outcome, recovered), std::move(text), std::move(fields));
}

void Reporter::sayFailure(core::Outcome const& outcome, std::optional<TargetStatus> const& before) {
  auto const now = clock_.wall();
  auto const& status = *status_.find(outcome.target);
  auto const begins = !before || before->inSync() || before->cause != status.cause ||
                      before->remarks->held != outcome.held;
  auto const tooOften = begins && linesLately(status, now) >= mostLines;
  auto const key = alikeOf(outcome.target, status);
  auto text = sentenceOf(outcome);
  auto const first = alike_.admit(key, begins && !tooOften, text, clock_.boot(), now);
  auto const silent = now - std::max(status.saidAt, status.failingSince);
  auto const remind = silent >= reminderAfter && !alike_.spokenFor(key, status_.alike(key));
  if (!first && !remind) {
    if (begins) status_.leftUnsaid(outcome.target);
    return;
  }
  auto fields = fieldsOf(outcome);
  if (status.failures > 1) {
    text += "; it fails since " + clockTime(status.failingSince) + inRounds(status.failures);
    fields.push_back(failedRounds(status.failures));
  }
  if (status.unsaid > 0) {
    text +=
        "; that it began to fail was not said " + std::to_string(status.unsaid) + " times before";
  }
  event(eventOf(outcome, false), std::move(text), std::move(fields));
  status_.said(outcome.target, now);
}

void Reporter::lastLook() {
  auto const members = [this](FailureKey const& key) { return status_.alike(key); };
  for (auto const& line : alike_.rest(members, clock_.boot())) sink_.write(line);
}

void Reporter::look() {
  auto const now = clock_.boot();
  auto const members = [this](FailureKey const& key) { return status_.alike(key); };
  for (auto const& line : alike_.look(members, now)) sink_.write(line);
  for (auto const& line : repeats_.look(now)) sink_.write(line);
}

}  // namespace kms_secretd::report

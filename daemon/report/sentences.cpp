// SPDX-License-Identifier: Apache-2.0
// The words for an outcome.
#include <algorithm>

#include "report/key_words.hpp"
#include "report/reporter.hpp"

namespace kms_secretd::report {
namespace {

using core::Outcome;
using core::OutcomeKind;

constexpr std::size_t ordinaryFields = 12;
constexpr char const* keptNote = "; the Secret keeps its last good value";

std::string versionsOf(core::AppliedRecord const& record) {
  std::string text;
  for (auto const& each : record.versions) {
    text +=
        (text.empty() ? " from " : ", ") + each.source.text() + " (version " + each.versionId + ")";
  }
  return text;
}

std::string keysOf(Outcome const& outcome) {
  return outcome.keyChanges ? "; " + keyWordsOf(*outcome.keyChanges) : "";
}

std::string notesOf(Outcome const& outcome) {
  std::string text;
  for (auto const& note : outcome.notes) text.append("; ").append(note);
  return text;
}

// One of each for each read: the journal takes a field several times, and finds each.
void addVersions(std::vector<LogField>& fields, core::AppliedRecord const& record) {
  auto const once = [&fields](char const* name, std::string const& value) {
    auto const same = [&](LogField const& field) {
      return field.name == name && field.value == value;
    };
    if (value.empty() || std::ranges::any_of(fields, same)) return;
    fields.push_back({name, value});
  };
  auto const most = std::min(record.versions.size(), namesApart);
  for (std::size_t i = 0; i < most; ++i) {
    once("KMS_SECRETD_STORE", record.versions[i].source.store);
    once("KMS_SECRETD_KMS_NAME", record.versions[i].source.name);
    once("KMS_SECRETD_VERSION_ID", record.versions[i].versionId);
  }
}

std::string withRemedy(std::string const& text, std::string const& remedy) {
  return remedy.empty() ? text : text + ": " + remedy;
}

std::string fetchSentence(Outcome const& outcome) {
  auto text = outcome.target.text() + ": cannot read " +
              (outcome.source ? outcome.source->text() : std::string("its sources"));
  if (outcome.fetchFailure) {
    auto const& failure = *outcome.fetchFailure;
    text += std::string(" (") + nameOf(failure.kind);
    if (!failure.code.empty()) text += ", " + failure.code;
    if (!failure.requestId.empty()) text += ", request " + failure.requestId;
    text += "): " + failure.message;
  }
  return text + keptNote;
}

std::string kubeSentence(Outcome const& outcome) {
  auto const& failure = *outcome.kubeFailure;
  auto text = outcome.target.text() + ": not written (" + core::nameOf(failure.kind) +
              "): " + failure.message;
  for (auto const& conflict : failure.conflicts) {
    text += "; " + conflict.field + " is held by " + conflict.manager;
  }
  return withRemedy(text + keptNote, failure.remedy);
}

}  // namespace

EventId eventOf(Outcome const& outcome, bool failedBefore) noexcept {
  if (outcome.kind == OutcomeKind::healed && outcome.contested) return EventId::secret_contested;
  auto const contested =
      outcome.planReason == core::PlanReason::contested ||
      (outcome.kubeFailure && outcome.kubeFailure->kind == core::KubeFailureKind::contested);
  switch (outcome.kind) {
    case OutcomeKind::created:
      return EventId::secret_created;
    case OutcomeKind::updated:
      return EventId::secret_updated;
    case OutcomeKind::healed:
      return EventId::secret_healed;
    case OutcomeKind::adopted:
      return EventId::secret_adopted;
    case OutcomeKind::recreated:
      return EventId::secret_recreated;
    case OutcomeKind::unchanged:
    case OutcomeKind::cancelled:
      return failedBefore ? EventId::secret_recovered : EventId::secret_unchanged;
    case OutcomeKind::held:
      return EventId::secret_held;
    case OutcomeKind::refused:
      return contested ? EventId::secret_contested : EventId::secret_refused;
    case OutcomeKind::fetch_failed:
      return EventId::fetch_failed;
    case OutcomeKind::render_failed:
      return EventId::render_failed;
    case OutcomeKind::apply_failed:
      return contested ? EventId::secret_contested : EventId::apply_failed;
  }
  return EventId::apply_failed;
}

std::string sentenceOf(Outcome const& outcome) {
  auto const name = outcome.target.text();
  switch (outcome.kind) {
    case OutcomeKind::fetch_failed:
      return fetchSentence(outcome);
    case OutcomeKind::render_failed:
      return withRemedy(name + ": " + outcome.message + keptNote, outcome.remedy);
    case OutcomeKind::apply_failed:
      if (outcome.kubeFailure) return kubeSentence(outcome);
      return withRemedy(name + ": not written: " + outcome.message, outcome.remedy);
    case OutcomeKind::held:
    case OutcomeKind::refused:
      return withRemedy(
          name + ": not written (" + core::nameOf(outcome.planReason) + "): " + outcome.message,
          outcome.remedy);
    case OutcomeKind::unchanged:
      return name + ": in sync" + versionsOf(outcome.record) + keysOf(outcome) + notesOf(outcome);
    default: {
      auto text =
          name + ": " + core::nameOf(outcome.kind) + versionsOf(outcome.record) + keysOf(outcome);
      if (!outcome.message.empty()) text += "; " + outcome.message;
      if (outcome.contested) {
        text +=
            "; contested: others keep undoing it, so each further heal waits longer; stop the "
            "other writer, or remove its keys from the definition";
      }
      return text + notesOf(outcome);
    }
  }
}

std::vector<LogField> fieldsOf(Outcome const& outcome) {
  std::vector<LogField> fields;
  fields.reserve(ordinaryFields);
  fields.push_back({"KMS_SECRETD_CLUSTER", outcome.target.cluster});
  fields.push_back({"KMS_SECRETD_NAMESPACE", outcome.target.namespaceName});
  fields.push_back({"KMS_SECRETD_SECRET", outcome.target.name});
  fields.push_back({"KMS_SECRETD_OUTCOME", core::nameOf(outcome.kind)});
  fields.push_back({"KMS_SECRETD_DUE", core::nameOf(outcome.dueReason)});
  fields.push_back({"KMS_SECRETD_DURATION_MS", std::to_string(outcome.duration.count())});
  if (auto cause = causeOf(outcome); !cause.empty()) {
    fields.push_back({"KMS_SECRETD_CAUSE", std::move(cause)});
  }
  if (outcome.source) {
    fields.push_back({"KMS_SECRETD_STORE", outcome.source->store});
    fields.push_back({"KMS_SECRETD_KMS_NAME", outcome.source->name});
  }
  if (outcome.fetchFailure && !outcome.fetchFailure->requestId.empty()) {
    fields.push_back({"KMS_SECRETD_REQUEST_ID", outcome.fetchFailure->requestId});
  }
  if (outcome.inSync()) addVersions(fields, outcome.record);
  if (outcome.keyChanges) addKeyFields(fields, *outcome.keyChanges);
  return fields;
}

}  // namespace kms_secretd::report

// SPDX-License-Identifier: Apache-2.0
#include "report/status_registry.hpp"

#include <algorithm>
#include <limits>
#include <set>
#include <utility>

#include "report/clock_words.hpp"
#include "report/key_words.hpp"

namespace kms_secretd::report {
namespace {

using namespace std::chrono_literals;

constexpr sdk::Milliseconds forgetsALineAfter = 10min;

bool rotationBroken(TargetStatus const& status) {
  return std::ranges::any_of(status.remarks->rotations, &core::SourceRotation::broken);
}

// Backends put what to do behind what happened; this is for those that do not, and for the summary.
char const* remedyOf(sdk::FailureKind kind) {
  switch (kind) {
    case sdk::FailureKind::not_found:
      return "create the secret in the store, or mend its name in the definition";
    case sdk::FailureKind::permission_denied:
      return "allow the identity of the store to read this secret";
    case sdk::FailureKind::unauthenticated:
      return "write a credential that is valid into the sources of the store; no restart is needed";
    case sdk::FailureKind::throttled:
      return "lower requests_per_second of the store, or have the quota raised";
    case sdk::FailureKind::unavailable:
    case sdk::FailureKind::timed_out:
      return "look at network, proxy and endpoint of the store; it is tried again by itself";
    case sdk::FailureKind::invalid_request:
      return "mend the definition";
    case sdk::FailureKind::invalid_response:
      return "look at endpoint and proxy: what answers may not be the store";
    default:
      return "report it with this line: a fault of the daemon or of a backend";
  }
}

struct Words {
  std::string message{};
  std::string remedy{};
};

Words wordsOf(core::Outcome const& outcome) {
  if (outcome.inSync()) return {};
  if (outcome.fetchFailure) {
    auto const& failure = *outcome.fetchFailure;
    auto const what = outcome.source ? "cannot read " + outcome.source->text() + ": " : "";
    auto const request = failure.requestId.empty() ? "" : " (request " + failure.requestId + ")";
    return {what + failure.message + request, remedyOf(failure.kind)};
  }
  if (outcome.kubeFailure) return {outcome.kubeFailure->message, outcome.kubeFailure->remedy};
  return {outcome.message, outcome.remedy};
}

void remember(TargetStatus& status, core::Outcome const& outcome, sdk::WallTime now) {
  ++status.rounds;
  status.lastRound = now;
  status.lastReason = outcome.dueReason;
  status.lastDuration = outcome.duration;
}

// After a good round the last failure is forgotten; after a bad one what was good to know stands.
Remarks remarksAfter(core::Outcome const& outcome, Remarks const& before) {
  auto words = wordsOf(outcome);
  Remarks remarks{.contest = outcome.contested ? before.contest : std::string(),
                  .notes = outcome.inSync() ? outcome.notes : before.notes,
                  .rotations = outcome.inSync() ? outcome.record.rotations : before.rotations,
                  .message = std::move(words.message),
                  .remedy = std::move(words.remedy),
                  .source = outcome.inSync() ? std::nullopt : outcome.source,
                  .held = outcome.held};
  if (outcome.contested && !outcome.message.empty()) remarks.contest = outcome.message;
  return remarks;
}

// Nothing is kept of a new Secret, whose keys are all new: there are many at once.
std::string detailOf(core::Outcome const& outcome, std::string const& cause) {
  auto const told = outcome.keyChanges && outcome.kind != core::OutcomeKind::created;
  return told ? keyWordsOf(*outcome.keyChanges) : cause;
}

void addToHistory(TargetStatus& status, core::Outcome const& outcome, sdk::WallTime now) {
  if (status.history.size() == historySize) status.history.erase(status.history.begin());
  status.history.push_back(
      {.at = now, .kind = status.last, .detail = detailOf(outcome, status.cause)});
}

void countFailures(TargetStatus& status, bool failedBefore, sdk::WallTime now) {
  if (status.inSync()) {
    status.failures = 0;
    return;
  }
  if (!failedBefore) {
    status.failingSince = now;
    status.toldAlone = false;
  }
  ++status.failures;
}

}  // namespace

std::string causeOf(core::Outcome const& outcome) {
  if (outcome.inSync()) return {};
  if (outcome.fetchFailure) {
    auto const& failure = *outcome.fetchFailure;
    auto const* const kind = nameOf(failure.kind);
    return failure.code.empty() ? std::string(kind) : std::string(kind) + " " + failure.code;
  }
  if (outcome.kubeFailure) return core::nameOf(outcome.kubeFailure->kind);
  auto const planned =
      outcome.kind == core::OutcomeKind::refused || outcome.kind == core::OutcomeKind::held;
  if (planned) return core::nameOf(outcome.planReason);
  return core::nameOf(outcome.kind);
}

FailureKey alikeOf(core::TargetId const& target, TargetStatus const& status) {
  FailureKey key{.kind = status.last, .cause = status.cause};
  if (status.remarks->source) {
    key.store = status.remarks->source->store;
  } else {
    key.cluster = target.cluster;
  }
  return key;
}

std::uint8_t linesLately(TargetStatus const& status, sdk::WallTime now) {
  auto const forgotten = std::max<std::int64_t>((now - status.saidAt) / forgetsALineAfter, 0);
  return static_cast<std::uint8_t>(std::max<std::int64_t>(status.lines - forgotten, 0));
}

std::optional<TargetStatus> StatusRegistry::record(core::Outcome const& outcome,
                                                   sdk::WallTime now) {
  auto const [at, isNew] = targets_.try_emplace(outcome.target);
  auto& status = at->second;
  auto before = isNew ? std::nullopt : std::optional(status);
  if (before) discount(outcome.target, *before);
  auto cause = causeOf(outcome);
  auto const same = before && before->inSync() == outcome.inSync() && before->cause == cause;
  if (!same) status.since = now;
  status.last = outcome.kind;
  status.cause = std::move(cause);
  remember(status, outcome, now);
  countFailures(status, before && !before->inSync(), now);
  auto const wrote = outcome.inSync() && outcome.kind != core::OutcomeKind::unchanged;
  if (!same || wrote) addToHistory(status, outcome, now);
  status.remarks = remarksAfter(outcome, *status.remarks);
  if (outcome.inSync()) status.lastSuccess = now;
  count(outcome.target, status);
  return before;
}

void StatusRegistry::count(core::TargetId const& target, TargetStatus const& status) {
  if (!status.inSync()) {
    failing_.emplace(status.since, target);
    ++alike_[alikeOf(target, status)];
  }
  if (!status.remarks->contest.empty()) contested_.insert(target);
  if (rotationBroken(status)) brokenRotations_.insert(target);
}

void StatusRegistry::discount(core::TargetId const& target, TargetStatus const& status) {
  if (!status.inSync()) {
    failing_.erase({status.since, target});
    auto const at = alike_.find(alikeOf(target, status));
    if (--at->second == 0) alike_.erase(at);
  }
  if (!status.remarks->contest.empty()) contested_.erase(target);
  if (rotationBroken(status)) brokenRotations_.erase(target);
}

void StatusRegistry::said(core::TargetId const& target, sdk::WallTime now) {
  auto const at = targets_.find(target);
  if (at == targets_.end()) return;
  auto& status = at->second;
  status.lines = static_cast<std::uint8_t>(linesLately(status, now) + 1);
  status.saidAt = now;
  status.unsaid = 0;
  status.toldAlone = !status.inSync();
}

void StatusRegistry::leftUnsaid(core::TargetId const& target) {
  auto const at = targets_.find(target);
  if (at == targets_.end()) return;
  auto& unsaid = at->second.unsaid;
  if (unsaid < std::numeric_limits<std::uint16_t>::max()) ++unsaid;
}

std::size_t StatusRegistry::alike(FailureKey const& key) const {
  auto const at = alike_.find(key);
  return at == alike_.end() ? 0 : at->second;
}

void StatusRegistry::keepOnly(std::vector<core::TargetId> const& targets) {
  std::set<core::TargetId> const wanted(targets.begin(), targets.end());
  std::erase_if(targets_, [&](auto const& each) {
    auto const gone = !wanted.contains(each.first);
    if (gone) discount(each.first, each.second);
    return gone;
  });
}

TargetStatus const* StatusRegistry::find(core::TargetId const& target) const {
  auto const at = targets_.find(target);
  return at == targets_.end() ? nullptr : &at->second;
}

// ", 2 contested: payments/db (held: password by kubectl-edit)"; empty where none is.
std::string StatusRegistry::contests() const {
  if (contested_.empty()) return {};
  auto const& first = *contested_.begin();
  return ", " + std::to_string(contested_.size()) + " contested: " + first.text() + " (" +
         targets_.at(first).remarks->contest + ")";
}

void StatusRegistry::configurationRefused(sdk::WallTime now) {
  if (!refusedSince_) refusedSince_ = now;
}

std::string StatusRegistry::summary(std::size_t defined) const {
  auto const good = inSync();
  auto text = std::to_string(good) + " of " + std::to_string(defined) + " secrets in sync";
  if (targets_.size() < defined) {
    text += ", " + std::to_string(defined - targets_.size()) + " not looked at yet";
  }
  text += contests();
  if (!brokenRotations_.empty()) {
    text += ", " + std::to_string(brokenRotations_.size()) + " whose rotation is broken";
  }
  if (!failing_.empty()) {
    text += ", " + std::to_string(failing_.size()) + " failing: " + firstFailure();
  }
  return text + refusal();
}

std::string StatusRegistry::advice() const {
  if (targets_.size() == inSync()) return {};
  return "; Secrets keep their last good values, kms-secretctl status says why and what to do";
}

std::string StatusRegistry::firstFailure() const {
  auto const& [since, target] = *failing_.begin();
  return target.text() + " (" + targets_.at(target).cause + ") since " + clockTime(since);
}

std::string StatusRegistry::refusal() const {
  if (!refusedSince_) return {};
  return "; the new configuration is refused since " + clockTime(*refusedSince_) +
         " and the old one in force: kms-secretd --check-config names the mistakes";
}

}  // namespace kms_secretd::report

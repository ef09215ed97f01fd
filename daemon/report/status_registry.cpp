// SPDX-License-Identifier: Apache-2.0
#include "report/status_registry.hpp"

#include <algorithm>
#include <ctime>
#include <set>
#include <utility>

namespace kms_secretd::report {
namespace {

std::string clockTime(sdk::WallTime time) {
  auto const seconds = std::chrono::system_clock::to_time_t(
      std::chrono::time_point_cast<std::chrono::system_clock::duration>(time));
  std::tm parts{};
  localtime_r(&seconds, &parts);
  char text[32];
  return {text, std::strftime(text, sizeof text, "%Y-%m-%d %H:%M:%S", &parts)};
}

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

void addToHistory(TargetStatus& status, sdk::WallTime now) {
  if (status.history.size() == historySize) status.history.erase(status.history.begin());
  status.history.push_back({.at = now, .kind = status.last, .cause = status.cause});
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
  auto const wrote = outcome.inSync() && outcome.kind != core::OutcomeKind::unchanged;
  if (!same || wrote) addToHistory(status, now);
  status.remarks = remarksAfter(outcome, *status.remarks);
  if (outcome.inSync()) status.lastSuccess = now;
  count(outcome.target, status);
  return before;
}

void StatusRegistry::count(core::TargetId const& target, TargetStatus const& status) {
  if (!status.inSync()) failing_.emplace(status.since, target);
  if (!status.remarks->contest.empty()) contested_.insert(target);
  if (rotationBroken(status)) brokenRotations_.insert(target);
}

void StatusRegistry::discount(core::TargetId const& target, TargetStatus const& status) {
  if (!status.inSync()) failing_.erase({status.since, target});
  if (!status.remarks->contest.empty()) contested_.erase(target);
  if (rotationBroken(status)) brokenRotations_.erase(target);
}

void StatusRegistry::said(core::TargetId const& target, sdk::WallTime now) {
  auto const at = targets_.find(target);
  if (at != targets_.end()) at->second.saidAt = now;
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

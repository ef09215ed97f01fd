// SPDX-License-Identifier: Apache-2.0
// A round ended: what it told of its peers, who else may have its reads, when it comes again.
#include <algorithm>
#include <cassert>

#include "schedule/phase.hpp"
#include "schedule/rotation_poll.hpp"
#include "schedule/schedule.hpp"

namespace kms_secretd::schedule {
namespace {

using core::OutcomeKind;
using core::PlanReason;

// Spreads targets that failed together: up to a tenth later, never sooner than the rule says.
sdk::Milliseconds jittered(sdk::Milliseconds wait, core::TargetId const& id, int failures) {
  if (wait < sdk::Milliseconds(1000)) return wait;
  auto const hash = stableHash(id.text() + std::to_string(failures));
  auto const share = 1.0 + 0.1 * static_cast<double>(hash % 1000) / 1000;
  return sdk::Milliseconds(static_cast<std::int64_t>(static_cast<double>(wait.count()) * share));
}

std::size_t indexOf(std::vector<core::SourceRef> const& reads, core::SourceRef const& read) {
  return static_cast<std::size_t>(std::ranges::find(reads, read) - reads.begin());
}

// A round that a policy ended asked nobody.
bool notRead(core::Outcome const& outcome) {
  return outcome.kind == OutcomeKind::refused && outcome.planReason == PlanReason::not_permitted;
}

// How many of the round's reads were answered, the failing one included where its failure is an
// answer.
std::size_t answeredReads(Entry const& entry, core::Outcome const& outcome) {
  if (outcome.kind == OutcomeKind::cancelled || notRead(outcome)) return 0;
  if (outcome.kind != OutcomeKind::fetch_failed) return entry.reads.size();
  auto const failing = outcome.source ? indexOf(entry.reads, *outcome.source) : 0;
  auto const answer =
      outcome.fetchFailure && waitFor(outcome.fetchFailure->kind).effect == GateEffect::answered;
  return failing + (answer ? 1 : 0);
}

GateEffect effectOn(std::string const& store, Entry const& entry, core::Outcome const& outcome) {
  if (outcome.kind == OutcomeKind::fetch_failed && outcome.source &&
      outcome.source->store == store && outcome.fetchFailure) {
    return waitFor(outcome.fetchFailure->kind).effect;
  }
  auto const& calls = entry.running->calls;
  auto const first =
      std::ranges::find_if(calls, [&](core::SourceRef const& call) { return call.store == store; });
  auto const reached =
      first != calls.end() && indexOf(entry.reads, *first) < answeredReads(entry, outcome);
  return reached ? GateEffect::answered : GateEffect::none;
}

GateEffect effectOnCluster(core::Outcome const& outcome) {
  if (outcome.kubeFailure) return waitFor(outcome.kubeFailure->kind).effect;
  auto const asked = outcome.kind != OutcomeKind::fetch_failed &&
                     outcome.kind != OutcomeKind::render_failed &&
                     outcome.kind != OutcomeKind::cancelled && !notRead(outcome);
  return asked ? GateEffect::answered : GateEffect::none;
}

// 429 and 503 speak for the whole server.
bool asksForAPause(core::KubeFailureKind kind) {
  return kind == core::KubeFailureKind::throttled || kind == core::KubeFailureKind::unavailable;
}

WaitRule ruleOfRefusal(PlanReason reason) {
  if (reason == PlanReason::contested) return WaitRule::heal_pacing;
  if (reason == PlanReason::namespace_absent) return WaitRule::one_minute;
  if (reason == PlanReason::terminating) return WaitRule::backoff;
  return WaitRule::interval;
}

WaitRule ruleOf(core::Outcome const& outcome) {
  if (outcome.kind == OutcomeKind::cancelled) return WaitRule::now;
  if (outcome.fetchFailure) return waitFor(outcome.fetchFailure->kind).wait;
  if (outcome.kubeFailure) return waitFor(outcome.kubeFailure->kind).wait;
  if (outcome.kind == OutcomeKind::held) return WaitRule::interval;
  if (outcome.kind == OutcomeKind::refused) return ruleOfRefusal(outcome.planReason);
  return WaitRule::slow;
}

sdk::Milliseconds askedWait(core::Outcome const& outcome) {
  if (outcome.fetchFailure) return outcome.fetchFailure->retryAfter;
  if (outcome.kubeFailure) return outcome.kubeFailure->retryAfter;
  return sdk::Milliseconds{0};
}

// The read whose phase is the target's: a pinned one never causes a round.
core::SourceRef const& pacemaker(Entry const& entry) {
  auto const moving = std::ranges::find_if_not(entry.reads, &core::SourceRef::pinned);
  return moving == entry.reads.end() ? entry.reads.front() : *moving;
}

// The gates were left and the reads settled: neither must happen again at the round's end.
void forgetReading(Running& running) {
  running.entered.clear();
  running.calls.clear();
}

}  // namespace

bool Schedule::finish(core::Outcome const& outcome, sdk::BootTime now) {
  auto const at = entries_.find(outcome.target);
  assert(at != entries_.end() && at->second.place == Place::in_flight);
  auto& entry = at->second;
  --inFlight_;
  leaveGates(entry, outcome, now);
  entry.place = Place::resting;
  settleReads(entry, answeredReads(entry, outcome), now);
  auto const running = *entry.running;
  entry.running.reset();
  if (running.vanished) {
    forgetReads(entry);
    entries_.erase(at);
    return false;
  }
  entry.record = outcome.record;
  planNext(entry, outcome, now);
  if (running.wantedAfter) queue_.plan(entry, *running.wantedAfter, now);
  // The watch may have told of the round's own write before its end, when nothing could be judged.
  auto const wrote = outcome.inSync() && outcome.kind != OutcomeKind::unchanged;
  auto const prunes = entry.definition->foreignKeys == core::ForeignKeys::remove;
  return running.changed || (wrote && prunes);
}

void Schedule::leaveGates(Entry& entry, core::Outcome const& outcome, sdk::BootTime now) {
  for (auto const& store : entry.running->entered) {
    auto const gate = storeGates_.find(store);
    if (gate != storeGates_.end()) gate->second.leave(effectOn(store, entry, outcome), now);
  }
  auto& cluster = clusterGate(entry.definition->id.cluster);
  cluster.leave(effectOnCluster(outcome), now);
  // It entered with one request; how many there would be only the round could tell.
  cluster.settle(static_cast<double>(outcome.kubeRequests) - 1, now);
  if (outcome.kubeFailure && asksForAPause(outcome.kubeFailure->kind)) {
    cluster.pause(outcome.kubeFailure->retryAfter, now);
  }
}

void Schedule::fetched(core::TargetId const& target, sdk::BootTime now) {
  auto const at = entries_.find(target);
  if (at == entries_.end() || at->second.place != Place::in_flight) return;
  auto& entry = at->second;
  for (auto const& store : entry.running->entered) {
    auto const gate = storeGates_.find(store);
    if (gate != storeGates_.end()) gate->second.leave(GateEffect::answered, now);
  }
  settleReads(entry, entry.reads.size(), now);
  forgetReading(entry.running.kept());
}

void Schedule::spent(std::string const& store, std::uint32_t calls, sdk::BootTime now) {
  auto const gate = storeGates_.find(store);
  if (gate != storeGates_.end()) gate->second.settle(calls, now);
}

void Schedule::settleReads(Entry const& entry, std::size_t answered, sdk::BootTime now) {
  for (auto const& read : entry.running->calls) {
    hot_.ended(read, indexOf(entry.reads, read) < answered, now);
  }
  for (auto const& read : entry.running->calls) {
    for (auto* const other : readers_[read]) {
      auto const due = other->place == Place::parked || other->place == Place::ready;
      if (!due) continue;
      auto const free = std::ranges::all_of(
          other->reads, [&](auto const& each) { return hot_.answered(each, now); });
      if (free) {
        queue_.express(*other);
      } else if (other->place == Place::parked) {
        queue_.plan(*other, other->reason, other->due);
      }
    }
  }
}

void Schedule::planNext(Entry& entry, core::Outcome const& outcome, sdk::BootTime now) {
  if (outcome.kind == OutcomeKind::healed)
    entry.pacing.kept().healed(now, entry.definition->interval);
  outcome.inSync() ? afterSuccess(entry, outcome, now) : afterFailure(entry, outcome, now);
}

void Schedule::afterSuccess(Entry& entry, core::Outcome const& outcome, sdk::BootTime now) {
  entry.failuresInARow = 0;
  entry.approved = {};
  if (!polling_ || outcome.fixedForever) return;
  auto const interval = entry.definition->interval;
  auto const phase = phaseOf(pacemaker(entry), interval);
  // A round just before its phase must not be followed by another one at once.
  auto due = nextOnPhase(now + interval / 2, phase, interval);
  for (auto const until : outcome.untilRotations) {
    due = std::min(due, now + rotationWait(until, entry.definition->id.text()));
  }
  queue_.plan(entry, core::DueReason::refresh, due);
}

void Schedule::afterFailure(Entry& entry, core::Outcome const& outcome, sdk::BootTime now) {
  if (outcome.kind != OutcomeKind::cancelled) ++entry.failuresInARow;
  auto const wait = waitOf(ruleOf(outcome), {.interval = entry.definition->interval,
                                             .failuresInARow = entry.failuresInARow,
                                             .retryAfter = askedWait(outcome),
                                             .healWait = entry.pacing->waitBefore(now)});
  queue_.plan(entry, entry.reason,
              now + jittered(wait, entry.definition->id, entry.failuresInARow));
}

}  // namespace kms_secretd::schedule

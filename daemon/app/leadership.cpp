// SPDX-License-Identifier: Apache-2.0
#include "app/leadership.hpp"

#include <algorithm>
#include <utility>
#include <variant>

#include "platform/wait.hpp"

namespace kms_secretd::app {
namespace {

using namespace std::chrono_literals;
using core::KubeFailureKind;
using report::EventId;

constexpr std::size_t longestShown = 128;

// A holder is what anybody may have written there.
std::string shown(std::string const& text) {
  auto result = text.substr(0, longestShown);
  for (char& c : result) {
    if (c <= 0x20 || c >= 0x7F) c = '?';
  }
  return result;
}

// "2026-11-27T20:15:03Z" of a MicroTime.
std::string toSeconds(std::string const& microTime) {
  auto const dot = microTime.find('.');
  return shown(dot == std::string::npos ? microTime : microTime.substr(0, dot) + "Z");
}

std::string joined(std::vector<std::string> const& names) {
  std::string text;
  for (auto const& name : names) {
    if (!text.empty()) text += ", ";
    text += name;
  }
  return text;
}

core::KubeFailure const* failureIn(core::KubeResult<kube::Lease> const& result) {
  return std::get_if<core::KubeFailure>(&result);
}

}  // namespace

Leadership::Leadership(LeadershipSettings settings)
    : settings_(std::move(settings)),
      state_(State{.election = Election(settings_.election), .members = Members(settings_.self)}) {}

Leadership::~Leadership() { stop(); }

bool Leadership::inherit(Leadership& before) {
  auto const& old = before.settings_;
  if (old.place != settings_.place || old.cluster != settings_.cluster ||
      old.election.identity != settings_.election.identity ||
      old.election.lease != settings_.election.lease) {
    return false;
  }
  auto theirs = before.state_.lock();
  auto ours = state_.lock();
  *ours = State{.election = theirs->election,
                .members = Members(settings_.self),
                .news = std::exchange(theirs->news, {}),
                .led = theirs->led,
                .saidLeader = theirs->saidLeader,
                .saidDiffering = theirs->saidDiffering,
                .trouble = theirs->trouble,
                .saidTrouble = theirs->saidTrouble,
                .failures = theirs->failures,
                .since = theirs->since};
  lease_ = std::move(before.lease_);
  if (lease_) ours->members.observed(lease_->annotations, settings_.clock->boot());
  return true;
}

void Leadership::start() {
  thread_ = std::thread([this] { run(); });
}

void Leadership::stop() {
  stop_.request();
  if (thread_.joinable()) thread_.join();
}

void Leadership::run() {
  auto const& clock = *settings_.clock;
  while (!stop_.requested()) {
    attempt();
    static_cast<void>(platform::waitFor(
        -1, 0, {.clock = clock, .deadline = clock.boot() + pause(), .cancellation = &stop_}));
    judge();
  }
}

// A leader must know before its time is over, and a candidate must leave time for the next try.
apply::KubeCall Leadership::call() {
  auto const now = settings_.clock->boot();
  auto state = state_.lock();
  auto deadline = now + settings_.election.renewDeadline() / 2;
  if (state->election.leads(now)) {
    deadline = std::min(deadline, state->election.window().beginBefore);
  }
  return {.deadline = deadline, .cancellation = &stop_};
}

void Leadership::attempt() {
  auto const& clock = *settings_.clock;
  // Who leads knows the Lease by its own last write, and needs no look first.
  bool const known = lease_ && leads();
  if (!known && !look()) return;
  if (!state_.lock()->election.mayClaim(clock.boot())) {
    announce();
    return judge();
  }
  auto refusal = claim();
  // A member's announcement came in between: what it left is the Lease's new version.
  if (refusal && refusal->kind == KubeFailureKind::changed) {
    if (!look()) return;
    if (!state_.lock()->election.mayClaim(clock.boot())) return judge();
    refusal = claim();
  }
  if (refusal) failed(*refusal);
  judge();
}

bool Leadership::look() {
  auto result = settings_.read(call());
  if (auto const* failure = std::get_if<core::KubeFailure>(&result)) {
    failed(*failure);
    judge();
    return false;
  }
  auto& lease = std::get<std::optional<kube::Lease>>(result);
  worked();
  if (lease) {
    took(*std::move(lease));
  } else {
    lease_.reset();
    state_.lock()->election.observed(std::nullopt, settings_.clock->boot());
  }
  return true;
}

void Leadership::took(kube::Lease lease) {
  auto const now = settings_.clock->boot();
  {
    auto state = state_.lock();
    state->election.observed(lease.record, now);
    state->members.observed(lease.annotations, now);
  }
  lease_ = std::move(lease);
}

std::optional<core::KubeFailure> Leadership::claim() {
  auto const& clock = *settings_.clock;
  auto next = lease_.value_or(kube::Lease{});
  auto const sentAt = clock.boot();
  bool announces = false;
  {
    auto state = state_.lock();
    next.record = state->election.claim(clock.wall());
    announces = state->members.due(sentAt);
    state->members.announce(next.annotations, sentAt);
  }
  auto result = settings_.write(next, call());
  if (auto const* failure = failureIn(result)) return *failure;
  auto& written = std::get<kube::Lease>(result);
  // A server that answers something else than what it was sent has not given us the Lease.
  if (written.record.holder != settings_.election.identity) {
    took(std::move(written));
    return std::nullopt;
  }
  {
    auto state = state_.lock();
    state->election.claimed(written.record, sentAt, clock.boot());
    if (announces) state->members.announced(sentAt);
  }
  worked();
  took(std::move(written));
  return std::nullopt;
}

// A standby says which definitions it has. Never in a hurry: a conflict is left to the next time.
void Leadership::announce() {
  auto const now = settings_.clock->boot();
  auto next = *lease_;
  {
    auto state = state_.lock();
    if (!state->members.due(now)) return;
    state->members.announce(next.annotations, now);
  }
  auto result = settings_.write(next, call());
  if (auto const* failure = failureIn(result)) {
    if (failure->kind != KubeFailureKind::changed) failed(*failure);
    return;
  }
  state_.lock()->members.announced(now);
  took(std::get<kube::Lease>(std::move(result)));
}

void Leadership::release(sdk::BootTime deadline) {
  for (int tries = 0; tries < 3 && settings_.clock->boot() < deadline; ++tries) {
    if (!lease_) return;
    auto next = *lease_;
    {
      auto state = state_.lock();
      if (state->election.ours()) next.record = state->election.released(settings_.clock->wall());
      state->members.leave(next.annotations);
    }
    if (next.record == lease_->record && next.annotations == lease_->annotations) return;
    apply::KubeCall const call{.deadline = deadline, .cancellation = nullptr};
    auto const result = settings_.write(next, call);
    auto const* failure = failureIn(result);
    if (failure == nullptr || failure->kind != KubeFailureKind::changed) return;
    auto now = settings_.read(call);
    auto* lease = std::get_if<std::optional<kube::Lease>>(&now);
    if (lease == nullptr || !*lease) return;
    took(std::move(**lease));
  }
}

sdk::Milliseconds Leadership::pause() {
  auto const now = settings_.clock->boot();
  auto state = state_.lock();
  auto next = now + settings_.election.retry();
  if (state->election.leads(now)) next = std::min(next, state->election.window().beginBefore);
  // A candidate is there when the Lease becomes free, and not up to a retry later.
  if (auto const free = state->election.freeAt(); free && *free > now) next = std::min(next, *free);
  return next - now;
}

bool Leadership::leads() { return state_.lock()->election.leads(settings_.clock->boot()); }

bool Leadership::standsBy() {
  auto const now = settings_.clock->boot();
  auto state = state_.lock();
  auto const free = state->election.freeAt();
  return free && now < *free && state->trouble.empty();
}

LeaseWindow Leadership::window() { return state_.lock()->election.window(); }

std::vector<std::string> Leadership::differing() {
  return state_.lock()->members.differing(settings_.clock->boot());
}

std::vector<Leadership::News> Leadership::takeNews() {
  return std::exchange(state_.lock()->news, {});
}

void Leadership::failed(core::KubeFailure const& failure) {
  if (failure.kind == KubeFailureKind::cancelled) return;
  auto state = state_.lock();
  ++state->failures;
  state->trouble = failure.message;
  // One lost request is made good by the next, a missing right is not.
  bool const lasting = state->failures > 2 || failure.kind == KubeFailureKind::forbidden ||
                       failure.kind == KubeFailureKind::namespace_absent;
  if (!lasting || std::exchange(state->saidTrouble, true)) return;
  auto const& place = settings_.place;
  auto remedy = failure.remedy;
  if (failure.kind == KubeFailureKind::namespace_absent) {
    remedy = "create the namespace, or name another as lease_namespace";
  }
  state->news.push_back({EventId::lease_trouble,
                         "the Lease " + place.namespaceName + "/" + place.name +
                             " cannot be had, so this daemon writes no Secret: " + failure.message +
                             (remedy.empty() ? "" : ": " + remedy)});
}

void Leadership::worked() {
  auto state = state_.lock();
  state->failures = 0;
  state->saidTrouble = false;
  state->trouble.clear();
}

// Says what became different since the last time, and wakes who waits for it.
void Leadership::judge() {
  auto const now = settings_.clock->boot();
  auto state = state_.lock();
  auto const& place = settings_.place;
  auto const leads = state->election.leads(now);
  auto const& record = state->election.record();
  auto const other = record && !state->election.ours() ? record->holder : std::string();
  if (leads && !state->led) {
    state->since = toSeconds(kube::microTime(settings_.clock->wall()));
    state->saidLeader.clear();
    state->news.push_back({EventId::leader_gained, settings_.election.identity +
                                                       " leads: it holds the Lease " +
                                                       place.namespaceName + "/" + place.name});
  }
  if (!leads && state->led) {
    auto const why =
        other.empty() ? "it could not be renewed in time" : "it is with another daemon";
    state->news.push_back({EventId::leader_lost, "this daemon leads no longer (" +
                                                     std::string(why) + "): it writes no Secret"});
  }
  if (!leads && !other.empty() && other != state->saidLeader) {
    state->saidLeader = other;
    state->news.push_back({EventId::leader_other, "standby: " + shown(other) + " leads"});
  }
  if (leads != state->led) wake_.set();
  state->led = leads;
  judgeDiffering(*state, now);
  if (!state->news.empty()) wake_.set();
}

void Leadership::judgeDiffering(State& state, sdk::BootTime now) {
  auto const names = joined(state.members.differing(now));
  if (names == state.saidDiffering) return;
  state.saidDiffering = names;
  if (names.empty()) {
    state.news.push_back({EventId::definitions_agree, "all daemons have the same definitions"});
  } else {
    state.news.push_back({EventId::definitions_differ,
                          "other definitions than here (" +
                              settings_.self.definitions.substr(0, 12) + ") has " + names +
                              "; nothing is deleted until all daemons have the same"});
  }
}

std::string Leadership::sentence() {
  auto const now = settings_.clock->boot();
  auto state = state_.lock();
  auto const& record = state->election.record();
  std::string text;
  if (state->election.leads(now)) {
    text = "leads since " + state->since;
  } else if (!state->trouble.empty()) {
    text = "leads not, for the Lease cannot be had: " + state->trouble;
  } else if (record && !record->holder.empty() && !state->election.ours()) {
    text = "standby: " + shown(record->holder) + " leads since " + toSeconds(record->acquireTime);
  } else {
    text = "standby: nobody leads yet";
  }
  auto const differing = state->members.differing(now);
  return differing.empty()
             ? text
             : text + "; nothing is deleted while definitions differ: " + joined(differing);
}

}  // namespace kms_secretd::app

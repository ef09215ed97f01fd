// SPDX-License-Identifier: Apache-2.0
#include "app/orphan_sweep.hpp"

#include <poll.h>

#include <algorithm>
#include <utility>
#include <variant>

#include "core/marks.hpp"
#include "platform/wait.hpp"

namespace kms_secretd::app {
namespace {

using namespace std::chrono_literals;
using core::KubeFailureKind;
using report::EventId;

constexpr sdk::Milliseconds lookInterval = 1s;
constexpr sdk::Milliseconds retryInterval = 30s;
constexpr sdk::Milliseconds forbiddenInterval = 5min;  // rules 5
constexpr std::size_t mostNamed = 10;

std::string namesOf(std::vector<std::string> const& names) {
  std::string text;
  for (std::size_t i = 0; i < std::min(names.size(), mostNamed); ++i) {
    text += (i == 0 ? "" : ", ") + names[i];
  }
  auto const more = names.size() - std::min(names.size(), mostNamed);
  return more == 0 ? text : text + " and " + std::to_string(more) + " more";
}

std::vector<report::LogField> fieldsOf(core::TargetId const& id) {
  return {{"KMS_SECRETD_CLUSTER", id.cluster},
          {"KMS_SECRETD_NAMESPACE", id.namespaceName},
          {"KMS_SECRETD_SECRET", id.name}};
}

}  // namespace

OrphanSweep::OrphanSweep(SweepSettings settings) : settings_(std::move(settings)) {}

OrphanSweep::~OrphanSweep() { stop(); }

void OrphanSweep::start() {
  thread_ = std::thread([this] { run(); });
}

void OrphanSweep::stop() {
  stop_.request();
  if (thread_.joinable()) thread_.join();
}

void OrphanSweep::run() {
  auto const& clock = *settings_.clock;
  while (!stop_.requested()) {
    wake_.clear();
    auto const wait = attempt();
    static_cast<void>(platform::waitFor(
        wake_.fd(), POLLIN,
        {.clock = clock, .deadline = clock.boot() + wait, .cancellation = &stop_}));
  }
}

apply::KubeCall OrphanSweep::call() const {
  return {.deadline = settings_.clock->boot() + settings_.timeout, .cancellation = &stop_};
}

sdk::Milliseconds OrphanSweep::attempt() {
  // While members differ nothing is deleted, which the leadership says.
  if (!mayBegin() || !settings_.differing().empty()) return lookInterval;
  auto found = look();
  if (hold(found)) return lookInterval;
  auto const wait = std::max(found.wait, removeAll(found));
  if (wait == sdk::Milliseconds::zero()) ended();
  return std::max(wait, lookInterval);
}

// A leader knows the Lease by its own last write: of a member that came since it learns at a
// renewal, so it deletes nothing before it has renewed for a while.
bool OrphanSweep::mayBegin() {
  auto const works = settings_.mayWork();
  auto const now = settings_.clock->boot();
  auto state = state_.lock();
  if (!works) {
    state->done = false;
    state->worksSince.reset();
    state->held.reset();
    return false;
  }
  if (!state->worksSince) state->worksSince = now;
  return !state->done && now - *state->worksSince >= settings_.patience;
}

// An approval holds for the deletion that was seen, not for the like of it another day.
void OrphanSweep::ended() {
  auto state = state_.lock();
  state->done = true;
  state->approvedNow.clear();
}

OrphanSweep::Found OrphanSweep::look() {
  Found found;
  found.input.approved = settings_.approved;
  found.input.approvedNow = state_.lock()->approvedNow;
  for (auto const& name : settings_.namespaces) look(name, found);
  return found;
}

// What cannot be listed now waits; the others do not wait for it.
void OrphanSweep::look(std::string const& namespaceName, Found& found) {
  auto part = found.input;
  auto const visitor = [&](std::string_view name, core::Observed const& observed) {
    ++part.ours;
    core::TargetId id{
        .cluster = settings_.cluster, .namespaceName = namespaceName, .name = std::string(name)};
    if (settings_.defined.contains(id)) return;
    if (!plan::deletableOrphan(observed, settings_.instance)) return;
    part.orphans.push_back({.id = std::move(id), .observed = observed});
  };
  auto const result = settings_.list(namespaceName, visitor, call());
  if (auto const* failure = std::get_if<core::KubeFailure>(&result)) {
    auto const what = "cannot look for Secrets whose definition is gone in namespace ";
    found.wait = std::max(found.wait, trouble(what + namespaceName, *failure));
    return;
  }
  found.input = std::move(part);
}

bool OrphanSweep::hold(Found& found) {
  auto held = plan::heldDeletion(found.input);
  auto state = state_.lock();
  state->held = held;
  if (!held) {
    state->saidHeld.clear();
    return false;
  }
  state->done = true;  // until somebody approves
  if (std::exchange(state->saidHeld, held->approval) == held->approval) return true;
  auto text = std::to_string(held->drops.size()) + " of " + std::to_string(found.input.ours) +
              " Secrets have no definition any more and would be deleted: " + namesOf(held->drops) +
              "; that is much at once, so nothing is deleted. If a definition was lost, bring it "
              "back and reload; if it is meant, run kms-secretctl approve --deletions, or write "
              "approve = \"" +
              held->approval + "\" into [deletion] and reload";
  state->news.push_back({.event = EventId::deletions_held, .message = std::move(text)});
  settings_.wake();
  return true;
}

sdk::Milliseconds OrphanSweep::removeAll(Found const& found) {
  sdk::Milliseconds wait{0};
  for (auto const& orphan : found.input.orphans) {
    if (stop_.requested() || !settings_.mayWork() || !settings_.differing().empty()) {
      return lookInterval;
    }
    auto const failure = removeOne(orphan);
    if (!failure) {
      say(EventId::secret_deleted,
          orphan.id.text() +
              ": deleted, for its definition is gone and its deletion_policy was \"delete\"",
          fieldsOf(orphan.id));
    } else if (failure->kind == KubeFailureKind::changed ||
               failure->kind == KubeFailureKind::cancelled) {
      wait = std::max(wait, lookInterval);
    } else {
      wait = std::max(wait, trouble(orphan.id.text() + " has no definition any more and cannot be "
                                                       "deleted",
                                    *failure));
    }
  }
  return wait;
}

std::optional<core::KubeFailure> OrphanSweep::removeOne(plan::FoundSecret const& orphan) {
  apply::KeyChange change;
  change.target = orphan.id;
  change.uid = orphan.observed.uid;
  change.resourceVersion = orphan.observed.resourceVersion;
  change.fieldManager = core::marks::fieldManager(settings_.instance);
  auto result = settings_.remove(change, call());
  auto* failure = std::get_if<core::KubeFailure>(&result);
  if (failure == nullptr) return std::nullopt;
  return std::move(*failure);
}

sdk::Milliseconds OrphanSweep::trouble(std::string what, core::KubeFailure const& failure) {
  if (failure.kind == KubeFailureKind::cancelled) return lookInterval;
  if (state_.lock()->saidTrouble.insert(what).second) {
    auto text = std::move(what) + ": " + failure.message;
    if (!failure.remedy.empty()) text += ": " + failure.remedy;
    say(EventId::deletion_trouble, std::move(text), {});
  }
  if (failure.kind == KubeFailureKind::forbidden) return forbiddenInterval;
  return std::max(retryInterval, failure.retryAfter);
}

void OrphanSweep::say(EventId id, std::string text, std::vector<report::LogField> fields) {
  state_.lock()->news.push_back(
      {.event = id, .message = std::move(text), .fields = std::move(fields)});
  settings_.wake();
}

std::optional<core::HeldChange> OrphanSweep::held() { return state_.lock()->held; }

bool OrphanSweep::approve(std::string const& change) {
  auto state = state_.lock();
  if (!state->held || state->held->approval != change) return false;
  state->approvedNow = change;
  state->done = false;
  wake_.set();
  return true;
}

std::string OrphanSweep::sentence() {
  auto const held = this->held();
  if (!held) return {};
  return "; the deletion of " + std::to_string(held->drops.size()) +
         " Secrets without a definition is held: kms-secretctl approve --deletions";
}

std::vector<report::LogRecord> OrphanSweep::takeNews() {
  return std::exchange(state_.lock()->news, {});
}

std::set<std::string> OrphanSweep::unfinished() {
  auto state = state_.lock();
  if (state->done && !state->held) return {};
  return settings_.namespaces;
}

}  // namespace kms_secretd::app

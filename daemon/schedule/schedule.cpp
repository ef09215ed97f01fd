// SPDX-License-Identifier: Apache-2.0
// Handing rounds out: who may go now.
#include "schedule/schedule.hpp"

#include <algorithm>
#include <cassert>

namespace kms_secretd::schedule {
namespace {

std::uint32_t callsTo(std::string const& store, std::vector<core::SourceRef> const& calls) {
  return static_cast<std::uint32_t>(
      std::ranges::count_if(calls, [&](auto const& read) { return read.store == store; }));
}

std::vector<std::string> storesOf(std::vector<core::SourceRef> const& reads) {
  std::vector<std::string> stores;
  for (auto const& read : reads) {
    if (std::ranges::find(stores, read.store.str()) == stores.end()) stores.push_back(read.store);
  }
  return stores;
}

}  // namespace

Gate& Schedule::clusterGate(std::string const& cluster) {
  auto const at = clusterGates_.find(cluster);
  assert(at != clusterGates_.end() && "a target names a cluster that was not loaded");
  return at->second;
}

bool Schedule::clusterOpen(std::string const& cluster, sdk::BootTime now) {
  return !held_.contains(cluster) && clusterGate(cluster).open(1, now);
}

std::optional<sdk::BootTime> Schedule::clusterOpensAt(std::string const& cluster,
                                                      sdk::BootTime now) {
  if (held_.contains(cluster)) return std::nullopt;
  return clusterGate(cluster).opensAt(now);
}

std::vector<core::Due> Schedule::take(std::size_t most, sdk::BootTime now) {
  queue_.promote(now);
  hot_.prune(now);
  std::vector<core::Due> rounds;
  while (rounds.size() < most) {
    auto* const entry = choose(now);
    if (entry == nullptr) break;
    rounds.push_back(handOut(*entry, now));
  }
  return rounds;
}

Entry* Schedule::choose(sdk::BootTime now) {
  auto const laneOpen = [&](LaneKey const& lane) {
    auto const store = storeGates_.find(lane.store);
    return clusterOpen(lane.cluster, now) &&
           (store == storeGates_.end() || store->second.open(1, now));
  };
  return queue_.pick(laneOpen, [&](Entry& entry) {
    if (std::ranges::any_of(entry.reads, [&](auto const& read) { return hot_.underWay(read); })) {
      queue_.remove(entry, Place::parked);
      return false;
    }
    return admits(entry, now);
  });
}

bool Schedule::admits(Entry const& entry, sdk::BootTime now) {
  if (!clusterOpen(entry.definition->id.cluster, now)) return false;
  std::vector<core::SourceRef> calls;
  std::ranges::copy_if(entry.reads, std::back_inserter(calls),
                       [&](auto const& read) { return !hot_.answered(read, now); });
  return std::ranges::all_of(storesOf(calls), [&](std::string const& store) {
    auto const gate = storeGates_.find(store);
    return gate == storeGates_.end() || gate->second.open(callsTo(store, calls), now);
  });
}

core::Due Schedule::handOut(Entry& entry, sdk::BootTime now) {
  queue_.remove(entry, Place::in_flight);
  ++inFlight_;
  auto& running = entry.running.kept();
  running = {};
  std::ranges::copy_if(entry.reads, std::back_inserter(running.calls),
                       [&](auto const& read) { return !hot_.answered(read, now); });
  for (auto const& store : storesOf(running.calls)) {
    auto const gate = storeGates_.find(store);
    if (gate == storeGates_.end()) continue;
    gate->second.enter(callsTo(store, running.calls), now);
    gate->second.addWait(now - entry.due);
    running.entered.push_back(store);
  }
  for (auto const& read : running.calls) hot_.started(read);
  clusterGate(entry.definition->id.cluster).enter(1, now);
  return {.definition = entry.definition,
          .reason = entry.reason,
          .record = entry.record,
          .mayForce = entry.pacing->waitBefore(now).count() == 0,
          .approved = entry.approved};
}

void Schedule::drifted(core::TargetId const& target, sdk::BootTime now) {
  auto const at = entries_.find(target);
  if (at == entries_.end()) return;
  auto& entry = at->second;
  if (entry.place == Place::in_flight) {
    entry.running.kept().changed = true;
    return;
  }
  auto const due = now + entry.pacing->waitBefore(now);
  auto const sooner = entry.place == Place::resting || entry.due > due;
  if (sooner) queue_.plan(entry, core::DueReason::drifted, due);
}

bool Schedule::force(core::TargetId const& target, sdk::BootTime now) {
  auto const at = entries_.find(target);
  if (at == entries_.end()) return false;
  auto& entry = at->second;
  if (entry.place == Place::in_flight) {
    entry.running.kept().wantedAfter = core::DueReason::forced;
  } else {
    queue_.plan(entry, std::min(entry.reason, core::DueReason::forced), now);
  }
  return true;
}

bool Schedule::approve(core::TargetId const& target, std::string const& change, sdk::BootTime now) {
  auto const at = entries_.find(target);
  if (at == entries_.end()) return false;
  at->second.approved = change;
  return force(target, now);
}

void Schedule::credentialsChanged(std::string const& store, sdk::BootTime now) {
  auto const gate = storeGates_.find(store);
  if (gate == storeGates_.end()) return;
  gate->second.lift(now);
  retryFailed(
      [&store](Entry const& entry) {
        return std::ranges::any_of(entry.reads,
                                   [&](auto const& read) { return read.store == store; });
      },
      now);
}

void Schedule::loginChanged(std::string const& cluster, sdk::BootTime now) {
  auto const gate = clusterGates_.find(cluster);
  if (gate == clusterGates_.end()) return;
  gate->second.lift(now);
  retryFailed([&cluster](Entry const& entry) { return entry.definition->id.cluster == cluster; },
              now);
}

void Schedule::retryFailed(std::function<bool(Entry const&)> const& concerned, sdk::BootTime now) {
  for (auto& [id, entry] : entries_) {
    auto const failed = entry.failuresInARow > 0 && entry.place == Place::waiting;
    if (failed && concerned(entry)) queue_.plan(entry, entry.reason, now);
  }
}

std::optional<sdk::BootTime> Schedule::nextWake(sdk::BootTime now) {
  auto wake = queue_.earliest();
  auto const sooner = [&wake](std::optional<sdk::BootTime> at) {
    if (at && (!wake || *at < *wake)) wake = at;
  };
  for (auto const& cluster : queue_.expressClusters()) sooner(clusterOpensAt(cluster, now));
  for (auto const& lane : queue_.busyLanes()) {
    auto const at = laneOpensAt(lane, now);
    // What still waits in an open lane waits for another of its stores.
    if (at && *at <= now) {
      queue_.visit(lane, [&](Entry const& entry) { sooner(opensAt(entry, now)); });
    } else {
      sooner(at);
    }
  }
  return wake;
}

std::optional<sdk::BootTime> Schedule::laneOpensAt(LaneKey const& lane, sdk::BootTime now) {
  auto const at = clusterOpensAt(lane.cluster, now);
  auto const store = storeGates_.find(lane.store);
  if (!at || store == storeGates_.end()) return at;
  auto const storeAt = store->second.opensAt(now);
  return storeAt ? std::optional(std::max(*at, *storeAt)) : std::nullopt;
}

std::optional<sdk::BootTime> Schedule::opensAt(Entry const& entry, sdk::BootTime now) {
  auto at = clusterOpensAt(entry.definition->id.cluster, now);
  for (auto const& read : entry.reads) {
    auto const gate = storeGates_.find(read.store);
    if (gate == storeGates_.end() || hot_.answered(read, now)) continue;
    auto const storeAt = gate->second.opensAt(now);
    if (!at || !storeAt) return std::nullopt;
    at = std::max(*at, *storeAt);
  }
  return at;
}

}  // namespace kms_secretd::schedule

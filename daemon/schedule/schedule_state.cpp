// SPDX-License-Identifier: Apache-2.0
// Looking at the schedule: what the status and the tests ask.
#include <algorithm>

#include "schedule/schedule.hpp"

namespace kms_secretd::schedule {
namespace {

bool shut(std::map<std::string, Gate> const& gates, std::string const& name, sdk::BootTime now) {
  auto const gate = gates.find(name);
  return gate != gates.end() && (gate->second.breakerOpen() || gate->second.stopped(now));
}

}  // namespace

Entry const* Schedule::find(core::TargetId const& id) const {
  auto const at = entries_.find(id);
  return at == entries_.end() ? nullptr : &at->second;
}

core::AppliedRecord const* Schedule::record(core::TargetId const& id) const {
  auto const* const entry = find(id);
  return entry == nullptr ? nullptr : &entry->record;
}

std::optional<sdk::BootTime> Schedule::dueAt(core::TargetId const& id) const {
  auto const* const entry = find(id);
  if (entry == nullptr || entry->place == Place::resting) return std::nullopt;
  return entry->due;
}

bool Schedule::contested(core::TargetId const& id, sdk::BootTime now) const {
  auto const* const entry = find(id);
  return entry != nullptr && entry->pacing->contested(now);
}

bool Schedule::heldBack(core::TargetId const& id, sdk::BootTime now) const {
  auto const* const entry = find(id);
  if (entry == nullptr) return false;
  return held_.contains(id.cluster) || shut(clusterGates_, id.cluster, now) ||
         std::ranges::any_of(entry->reads, [&](core::SourceRef const& read) {
           return shut(storeGates_, read.store, now);
         });
}

bool Schedule::underWay(core::TargetId const& id) const {
  auto const* const entry = find(id);
  return entry != nullptr && entry->place == Place::in_flight;
}

Backlog Schedule::backlog(sdk::BootTime now) const {
  Backlog backlog;
  for (auto const& [id, entry] : entries_) {
    auto const busy = entry.place == Place::resting || entry.place == Place::in_flight;
    if (busy || entry.due > now || held_.contains(id.cluster)) continue;
    ++backlog.due;
    backlog.lag = std::max(backlog.lag, now - entry.due);
  }
  return backlog;
}

Footprint Schedule::footprint() const noexcept {
  return {.targets = entries_.size(),
          .reads = readers_.size(),
          .hotReads = hot_.size(),
          .gates = storeGates_.size() + clusterGates_.size()};
}

std::size_t Schedule::inFlight(std::string const& cluster) const {
  auto const gate = clusterGates_.find(cluster);
  return gate == clusterGates_.end() ? 0 : gate->second.inside();
}

std::vector<ClusterState> Schedule::clusters(sdk::BootTime now) const {
  std::vector<ClusterState> states;
  for (auto const& [name, gate] : clusterGates_) {
    states.push_back({.name = name,
                      .breakerOpen = gate.breakerOpen(),
                      .stopped = gate.stopped(now),
                      .held = held_.contains(name)});
  }
  return states;
}

std::vector<StoreState> Schedule::stores(sdk::BootTime now) const {
  std::vector<StoreState> states;
  for (auto const& [name, gate] : storeGates_) {
    states.push_back({.name = name,
                      .breakerOpen = gate.breakerOpen(),
                      .stopped = gate.stopped(now),
                      .rate = gate.rate(now),
                      .waited = gate.waited()});
  }
  return states;
}

}  // namespace kms_secretd::schedule

// SPDX-License-Identifier: Apache-2.0
// Taking over a configuration: which targets are new, changed, gone or as before.
#include <algorithm>
#include <cassert>
#include <set>

#include "schedule/phase.hpp"
#include "schedule/schedule.hpp"

namespace kms_secretd::schedule {
namespace {

using namespace std::chrono_literals;

// A store or cluster holds at most a quarter of the workers (rules 4).
std::uint32_t quarterOf(std::uint32_t workers) { return std::max(1U, workers / 4); }

GateLimits limitsOf(core::StoreConfig const& store, LoadInput const& input) {
  auto const declared = input.maxParallel.find(store.name);
  auto slots = quarterOf(input.config.workers);
  if (declared != input.maxParallel.end()) slots = std::min(slots, declared->second);
  return {.perSecond = store.requestsPerSecond, .slots = slots};
}

GateLimits limitsOf(core::ClusterConfig const& cluster, std::uint32_t workers) {
  GateLimits limits{.perSecond = {}, .slots = quarterOf(workers)};
  if (cluster.qps == 0) return limits;
  limits.perSecond = cluster.qps;
  limits.burst = cluster.burst == 0 ? 2 * cluster.qps : cluster.burst;
  return limits;
}

template <class Key>
void adoptGate(std::map<Key, Gate>& gates, Key const& key, GateLimits limits, sdk::BootTime now) {
  auto const [at, isNew] = gates.try_emplace(key, limits, now);
  if (!isNew) at->second.adopt(limits, now);
}

}  // namespace

void Schedule::load(LoadInput const& input, sdk::BootTime now) {
  polling_ = input.config.pollingEnabled;
  loadGates(input, now);
  dropVanished(input.config);
  dropUnusedGates(input.config);
  for (auto const& definition : input.config.targets) {
    auto const seen = input.seen.find(definition->id);
    loadTarget(definition, seen == input.seen.end() ? nullptr : &seen->second, now);
  }
}

void Schedule::loadGates(LoadInput const& input, sdk::BootTime now) {
  for (auto const& [name, store] : input.config.stores) {
    adoptGate(storeGates_, name, limitsOf(store, input), now);
  }
  for (auto const& [name, cluster] : input.config.clusters) {
    adoptGate(clusterGates_, name, limitsOf(cluster, input.config.workers), now);
  }
}

void Schedule::dropVanished(core::Config const& config) {
  if (entries_.empty()) return;
  std::set<core::TargetId> wanted;
  for (auto const& definition : config.targets) wanted.insert(definition->id);
  for (auto at = entries_.begin(); at != entries_.end();) {
    auto& entry = at->second;
    if (wanted.contains(at->first)) {
      ++at;
    } else if (entry.place == Place::in_flight) {
      entry.running.kept().vanished = true;
      ++at;
    } else {
      queue_.remove(entry, Place::resting);
      forgetReads(entry);
      at = entries_.erase(at);
    }
  }
}

// A gate that a round is in stays: the round will leave it.
void Schedule::dropUnusedGates(core::Config const& config) {
  std::erase_if(storeGates_, [&config](auto const& each) {
    return !config.stores.contains(each.first) && each.second.inside() == 0;
  });
  std::erase_if(clusterGates_, [&config](auto const& each) {
    return !config.clusters.contains(each.first) && each.second.inside() == 0;
  });
}

void Schedule::hold(std::string const& cluster, bool held) {
  if (held) {
    held_.insert(cluster);
  } else {
    held_.erase(cluster);
  }
}

void Schedule::restart(std::string const& cluster) {
  assert(inFlight(cluster) == 0 && "the outcomes of these rounds belong to what is forgotten");
  for (auto at = entries_.begin(); at != entries_.end();) {
    auto const entry = at++;
    if (entry->first.cluster != cluster) continue;
    queue_.remove(entry->second, Place::resting);
    forgetReads(entry->second);
    entries_.erase(entry);
  }
  clusterGates_.erase(cluster);
}

void Schedule::forgetReads(Entry& entry) {
  for (auto const& read : entry.reads) {
    auto const at = readers_.find(read);
    if (at == readers_.end()) continue;
    auto& readers = at->second;
    auto const place = std::ranges::lower_bound(readers, &entry);
    if (place != readers.end() && *place == &entry) readers.erase(place);
    if (readers.empty()) readers_.erase(at);
  }
}

void Schedule::loadTarget(std::shared_ptr<core::TargetDefinition const> const& definition,
                          StartState const* seen, sdk::BootTime now) {
  auto const [at, isNew] = entries_.try_emplace(definition->id);
  auto& entry = at->second;
  auto const changed = !isNew && (entry.definition->hash != definition->hash ||
                                  entry.definition->approve != definition->approve);
  auto const intervalChanged = !isNew && entry.definition->interval != definition->interval;
  auto const inFlight = entry.place == Place::in_flight;
  auto const before = entry.place;
  if (!inFlight) queue_.remove(entry, Place::resting);
  forgetReads(entry);
  entry.definition = definition;
  entry.reads = definition->reads();
  for (auto const& read : entry.reads) {
    auto& readers = readers_[read];
    readers.insert(std::ranges::lower_bound(readers, &entry), &entry);
  }

  auto const known = seen != nullptr && seen->exists;
  if (inFlight) {
    auto& running = entry.running.kept();
    running.vanished = false;
    if (changed) running.wantedAfter = core::DueReason::changed;
  } else if (isNew && known && seen->definitionEqual) {
    auto const spread = std::min<sdk::Milliseconds>(definition->interval, 10min);
    auto const phase = phaseOf(entry.reads.front(), spread);
    queue_.plan(entry, core::DueReason::refresh, nextOnPhase(now, phase, spread));
  } else if (isNew || changed) {
    entry.failuresInARow = 0;
    queue_.plan(entry, isNew && !known ? core::DueReason::never_seen : core::DueReason::changed,
                now);
  } else if (intervalChanged || (before == Place::resting && polling_)) {
    auto const phase = phaseOf(entry.reads.front(), definition->interval);
    queue_.plan(entry, core::DueReason::refresh, nextOnPhase(now, phase, definition->interval));
  } else if (before != Place::resting) {
    queue_.plan(entry, entry.reason, entry.due);
  }
}

}  // namespace kms_secretd::schedule

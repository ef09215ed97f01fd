// SPDX-License-Identifier: Apache-2.0
#include "world.hpp"

#include <algorithm>
#include <memory>

namespace schedule_test {

core::TargetDefinition target(std::string name, std::vector<core::SourceRef> reads) {
  core::TargetDefinition definition;
  definition.id = {.namespaceName = "ns", .name = std::move(name)};
  for (auto& each : reads) {
    auto key = "key" + std::to_string(definition.data.size());
    definition.data.push_back({.source = std::move(each), .key = std::move(key)});
  }
  definition.hash = "hash of " + definition.id.name;
  return definition;
}

core::SourceRef read(std::string store, std::string name) {
  return {.store = std::move(store), .name = std::move(name)};
}

World::World() {
  config.workers = 32;
  config.clusters[core::defaultCluster] = {};
}

World& World::store(std::string const& name, double perSecond) {
  core::StoreConfig store;
  store.name = name;
  store.requestsPerSecond = perSecond;
  config.stores[name] = std::move(store);
  return *this;
}

World& World::add(core::TargetDefinition definition) {
  config.targets.push_back(std::make_shared<core::TargetDefinition const>(std::move(definition)));
  return *this;
}

void World::load(std::map<core::TargetId, schedule::StartState> seen) {
  schedule.load({.config = config, .maxParallel = {}, .seen = std::move(seen)}, now);
}

std::vector<core::Due> World::takeDue(std::size_t most) { return schedule.take(most, now); }

std::vector<std::string> World::take(std::size_t most) {
  std::vector<std::string> names;
  for (auto const& due : takeDue(most)) names.push_back(due.definition->id.name);
  return names;
}

core::TargetId World::id(std::string const& name) const {
  return {.namespaceName = "ns", .name = name};
}

bool World::finish(core::Outcome outcome) { return schedule.finish(outcome, now); }

bool World::succeed(std::string const& name, core::OutcomeKind kind) {
  return finish({.target = id(name), .kind = kind});
}

bool World::failFetch(std::string const& name, sdk::FailureKind kind, std::size_t readIndex) {
  core::Outcome outcome{.target = id(name), .kind = core::OutcomeKind::fetch_failed};
  outcome.source = schedule.find(id(name))->definition->reads().at(readIndex);
  outcome.fetchFailure = sdk::Failure{.kind = kind};
  return finish(std::move(outcome));
}

bool World::failKube(std::string const& name, core::KubeFailureKind kind) {
  core::Outcome outcome{.target = id(name), .kind = core::OutcomeKind::apply_failed};
  outcome.kubeFailure = core::KubeFailure{.kind = kind};
  return finish(std::move(outcome));
}

std::vector<std::string> World::runAll() {
  std::vector<std::string> all;
  for (auto names = take(); !names.empty(); names = take()) {
    for (auto const& name : names) succeed(name);
    all.insert(all.end(), names.begin(), names.end());
  }
  return all;
}

}  // namespace schedule_test

// SPDX-License-Identifier: Apache-2.0
#include "app/world.hpp"

#include <utility>

#include "app/in_parallel.hpp"
#include "app/world_error.hpp"

namespace kms_secretd::app {
namespace {

// A reload that leads elsewhere waits so long to give the old Leases up.
constexpr sdk::Milliseconds releasePatience{2000};

World::Links linksOf(core::Config const& config, Foundation const& foundation) {
  World::Links links;
  std::vector<std::string> problems;
  for (auto const& [name, cluster] : config.clusters) {
    try {
      links.emplace(name, std::make_unique<ClusterLink>(config, name, foundation));
    } catch (WorldError const& error) {
      problems.insert(problems.end(), error.problems().begin(), error.problems().end());
    }
  }
  if (!problems.empty()) throw WorldError(std::move(problems));
  return links;
}

std::vector<ClusterLink*> pointersTo(World::Links const& links) {
  std::vector<ClusterLink*> pointers;
  for (auto const& [name, link] : links) pointers.push_back(link.get());
  return pointers;
}

void release(std::vector<Leadership*> const& leaderships, sdk::BootTime deadline) {
  inParallel(leaderships, [deadline](Leadership* each) { each->release(deadline); });
}

}  // namespace

World::World(core::Config config, Foundation const& foundation, World const* before)
    : config_(std::move(config)),
      links_(linksOf(config_, foundation)),
      stores_(
          config_, foundation.plugins,
          [this](core::StoreConfig const& store) -> sdk::Host& { return hostOf(store); }, notices_,
          before == nullptr ? nullptr : &before->stores_),
      fetcher_(stores_.access(), foundation.clock, fetch::extendedReads(config_.targets)),
      clock_(foundation.clock) {
  for (auto const& [name, link] : links_) link->readThrough(fetcher_);
}

World::~World() = default;

sdk::Host& World::hostOf(core::StoreConfig const& store) const {
  return link(store.tokenCluster).host();
}

void World::takeOver() {
  stores_.moveTo([this](core::StoreConfig const& store) -> sdk::Host& { return hostOf(store); },
                 notices_);
}

std::map<core::TargetId, schedule::StartState> World::seen() const {
  std::map<core::TargetId, schedule::StartState> seen;
  for (auto const& [name, link] : links_) seen.merge(link->seen());
  return seen;
}

void World::startWatching(DirtyTargets& dirty, sdk::BootTime deadline,
                          sdk::Cancellation const& stop) {
  for (auto const& [name, link] : links_) link->startWatching(dirty);
  for (auto const& [name, link] : links_) link->waitForLists(deadline, stop);
}

void World::startRenewing() {
  for (auto const& [name, link] : links_) link->startRenewing();
}

void World::startTelling() {
  for (auto const& [name, link] : links_) link->startTelling();
}

void World::finishTelling() {
  inParallel(pointersTo(links_), [](ClusterLink* link) { link->finishTelling(); });
}

void World::startLeading(World* before) {
  if (before != nullptr) goOnFrom(*before);
  for (auto const& [name, link] : links_) link->startLeading();
}

void World::startSweeping(DirtyTargets& dirty, World const* before) {
  for (auto const& [name, link] : links_) {
    auto const* const theirs = before == nullptr ? nullptr : &before->links_;
    auto const at = theirs == nullptr ? Links::const_iterator() : theirs->find(name);
    link->startSweeping(dirty,
                        theirs == nullptr || at == theirs->end() ? nullptr : at->second.get());
  }
}

void World::goOnFrom(World& before) {
  std::vector<Leadership*> left;
  for (auto const& [name, theirs] : before.links_) {
    auto const ours = links_.find(name);
    auto const inherited = ours != links_.end() && ours->second->goOnFrom(*theirs);
    if (!inherited && theirs->leadership() != nullptr) left.push_back(theirs->leadership());
  }
  release(left, clock_.boot() + releasePatience);
}

void World::stopWatching() {
  inParallel(pointersTo(links_), [](ClusterLink* link) { link->stop(); });
}

void World::releaseLeases(sdk::BootTime deadline) {
  std::vector<Leadership*> all;
  for (auto const& [name, link] : links_) {
    if (link->leadership() != nullptr) all.push_back(link->leadership());
  }
  release(all, deadline);
}

std::string leadershipSentence(World const& world) {
  std::string text;
  for (auto const& [name, link] : world.links()) {
    if (link->leadership() == nullptr) continue;
    if (!text.empty()) text += "; ";
    text += core::ofCluster(name) + link->leadership()->sentence();
  }
  return text;
}

}  // namespace kms_secretd::app

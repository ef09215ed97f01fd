// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "app/cluster_link.hpp"
#include "app/dirty_targets.hpp"
#include "app/foundation.hpp"
#include "app/store_set.hpp"
#include "core/config.hpp"
#include "cycle/round.hpp"
#include "fetch/fetcher.hpp"
#include "schedule/schedule.hpp"

namespace kms_secretd::app {

/// Everything that one configuration brings into being: its stores' backends and its clusters'
/// links. Built whole or not at all; a reload builds a new one and swaps (style: a new world).
class World {
 public:
  using Links = std::map<std::string, std::unique_ptr<ClusterLink>>;

  /// Throws WorldError with every problem found. Stores that are the same in `before` (null = none)
  /// are taken from there; it may go on working meanwhile, and for good if this world is not taken.
  World(core::Config config, Foundation const& foundation, World const* before);
  ~World();
  World(World const&) = delete;
  World& operator=(World const&) = delete;

  [[nodiscard]] core::Config const& config() const noexcept { return config_; }
  /// The links of all clusters, by name. Main thread.
  [[nodiscard]] Links const& links() const noexcept { return links_; }
  /// The link of one cluster, which is configured.
  [[nodiscard]] ClusterLink& link(std::string const& cluster) const { return *links_.at(cluster); }
  /// For rounds of a target in this cluster; any thread.
  [[nodiscard]] cycle::Stages const& stages(std::string const& cluster) const {
    return links_.at(cluster)->stages();
  }
  /// The parallel calls that each store's plugin declares.
  [[nodiscard]] std::map<std::string, std::uint32_t> maxParallel() const {
    return stores_.maxParallel();
  }
  /// The ends of the stores' credentials, as far as their backends told.
  [[nodiscard]] std::map<std::string, CredentialEnd> credentialEnds() const {
    return stores_.credentialEnds();
  }
  /// Who the stores' backends said they are.
  [[nodiscard]] std::map<std::string, std::string> identities() const {
    return stores_.identities();
  }
  /// Lets every store's backend look at its credentials' sources; the stores that have newer ones.
  [[nodiscard]] std::vector<std::string> lookAtCredentials() const {
    return stores_.lookAtCredentials();
  }
  /// What the clusters hold of our targets, as far as the watches have told.
  [[nodiscard]] std::map<core::TargetId, schedule::StartState> seen() const;
  /// What the stores' backends want the admin to read. Main thread.
  [[nodiscard]] std::vector<Notices::Notice> takeNotices() { return notices_.take(); }
  /// The backend of one store, which is configured. Any thread.
  [[nodiscard]] sdk::Backend& backendOf(std::string const& store) const {
    return stores_.backendOf(store);
  }
  /// The calls to the stores since the world was built.
  [[nodiscard]] std::map<fetch::CallKey, fetch::CallCount> calls() const {
    return fetcher_.calls();
  }
  /// Drops answers that are too old.
  void purge() { fetcher_.purge(); }
  [[nodiscard]] std::optional<sdk::BootTime> nextPurge() const { return fetcher_.nextPurge(); }

  /// This world is in force: the stores that were taken from another one belong to it. Before
  /// anything is started.
  void takeOver();
  /// Begins to keep the logins fresh, where they are tokens of the daemon's own.
  void startRenewing();
  /// Begins to write Kubernetes Events, where the configuration wants them.
  void startTelling();
  /// Waits a moment for Events that were not written yet; for a process that ends.
  void finishTelling();
  /// Starts to tell `dirty` of changes in the clusters, where the configuration wants that, and
  /// waits for the first lists until `deadline`, which is one for all; `dirty` outlives the
  /// watching. Before the first round.
  void startWatching(DirtyTargets& dirty, sdk::BootTime deadline, sdk::Cancellation const& stop);
  /// Begins to seek the Leases, where several daemons share the work; goes on where `before` (its
  /// threads are ended) left off where that is about the same Lease, and gives up its others.
  void startLeading(World* before);
  /// Begins to delete what `before` (null = none) or an earlier process left without a definition,
  /// as this daemon may; tells `dirty`, which outlives that, of news.
  void startSweeping(DirtyTargets& dirty, World const* before);
  /// Ends watching, renewing, sweeping and leading (the Leases stay); returns within a second.
  void stopWatching();
  /// Gives all Leases up, each by itself, once the threads and rounds have ended; best effort until
  /// `deadline`.
  void releaseLeases(sdk::BootTime deadline);

 private:
  void goOnFrom(World& before);
  [[nodiscard]] sdk::Host& hostOf(core::StoreConfig const& store) const;

  core::Config config_;
  Links links_;  // first: stores may ask a cluster for tokens
  Notices notices_;
  StoreSet stores_;
  fetch::Fetcher fetcher_;
  sdk::Clock const& clock_;
};

/// "leads since ..." or "standby: NODE leads since ...": who works, for each cluster where there
/// are several daemons. Main thread.
[[nodiscard]] std::string leadershipSentence(World const& world);

}  // namespace kms_secretd::app

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "app/cluster_watch.hpp"
#include "app/dirty_targets.hpp"
#include "app/leadership.hpp"
#include "app/orphan_sweep.hpp"
#include "app/plugin_host.hpp"
#include "app/store_set.hpp"
#include "app/token_renewal.hpp"
#include "app/write_guard.hpp"
#include "core/config.hpp"
#include "cycle/round.hpp"
#include "fetch/fetcher.hpp"
#include "kube/connection.hpp"
#include "kube/kube_client.hpp"
#include "platform/keyed_digest.hpp"
#include "platform/transport_factory.hpp"
#include "schedule/schedule.hpp"

namespace kms_secretd::app {

/// What every world is built on; made once per process, outlives all worlds.
struct Foundation {
  sdk::Clock const& clock;
  platform::TransportFactory& transports;
  platform::KeyedDigest const& digest;
  backends::PluginRegistry& plugins;
  std::string userAgent{};
  /// For the API server: only each request's own cancellation ends its waits, for a create that
  /// follows a delete, and giving up the Lease, go on when the process stops.
  platform::TransportFactory& leaseTransports;
  ProcessIdentity identity{};
  std::string stateDirectory{};  ///< where the daemon may write; a token in it is its own to renew
};

/// Everything that one configuration brings into being: its stores' backends and its cluster's
/// client. Built whole or not at all; a reload builds a new one and swaps (style: a new world).
class World {
 public:
  /// Throws WorldError with every problem found.
  World(core::Config config, Foundation const& foundation);
  ~World();
  World(World const&) = delete;
  World& operator=(World const&) = delete;

  [[nodiscard]] core::Config const& config() const noexcept { return config_; }
  /// For rounds; any thread.
  [[nodiscard]] cycle::Stages const& stages() const noexcept { return stages_; }
  /// The parallel calls that each store's plugin declares.
  [[nodiscard]] std::map<std::string, std::uint32_t> maxParallel() const;
  /// The ends of the stores' credentials, as far as their backends told.
  [[nodiscard]] std::map<std::string, CredentialEnd> credentialEnds() const {
    return stores_.credentialEnds();
  }
  /// What the cluster holds of our targets, as far as the watch has told.
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
  /// Begins to keep the login fresh, where it is a token of the daemon's own.
  void startRenewing();
  /// What the renewal found since the last call.
  [[nodiscard]] std::vector<TokenRenewal::News> renewalNews();
  /// Starts to tell `dirty` of changes in the cluster, if the configuration wants that, and waits
  /// for the first lists until `deadline`; `dirty` outlives the watching. Before the first round.
  void startWatching(DirtyTargets& dirty, sdk::BootTime deadline, sdk::Cancellation const& stop);
  /// Begins to seek the Lease, where several daemons share the work; goes on where `before` (its
  /// threads are ended) left off if it is about the same Lease, and gives that up otherwise.
  void startLeading(World* before);
  /// Begins to delete what `before` (null = none) or an earlier process left without a definition,
  /// as this daemon may; tells `dirty`, which outlives that, of news.
  void startSweeping(DirtyTargets& dirty, World const* before);
  /// What deletes; null before startSweeping().
  [[nodiscard]] OrphanSweep* sweep() const noexcept { return sweep_.get(); }
  /// Who works; null where there is no other daemon. Main thread.
  [[nodiscard]] Leadership* leadership() noexcept { return leadership_.get(); }
  /// True while rounds may begin.
  [[nodiscard]] bool mayWork() const { return !leadership_ || leadership_->leads(); }
  /// Ends watching, renewing, sweeping and leading (the Lease stays); returns within a second.
  void stopWatching();
  /// The watch; null where the world is not watched. Main thread.
  [[nodiscard]] ClusterWatch* watch() noexcept { return watch_.get(); }
  /// The client, for asking the server's version.
  [[nodiscard]] kube::KubeClient& kube() noexcept { return *kube_; }

 private:
  core::Config config_;
  std::shared_ptr<kube::Connection> connection_;  // shared with the watches
  std::unique_ptr<kube::KubeClient> kube_;
  std::unique_ptr<kube::KubeClient> leaseKube_;  // null where there is no Lease
  std::unique_ptr<Leadership> leadership_;
  std::unique_ptr<WriteGuard> guard_;
  PluginHost host_;
  Notices notices_;
  StoreSet stores_;
  fetch::Fetcher fetcher_;
  cycle::Stages stages_;
  std::unique_ptr<ClusterWatch> watch_{};
  std::unique_ptr<TokenRenewal> renewal_{};
  std::unique_ptr<OrphanSweep> sweep_{};
};

}  // namespace kms_secretd::app

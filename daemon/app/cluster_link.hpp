// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <kms-secretd/cancellation.hpp>
#include <kms-secretd/clock.hpp>

#include "app/cluster_watch.hpp"
#include "app/dirty_targets.hpp"
#include "app/event_sender.hpp"
#include "app/foundation.hpp"
#include "app/leadership.hpp"
#include "app/login_watch.hpp"
#include "app/orphan_sweep.hpp"
#include "app/plugin_host.hpp"
#include "app/token_renewal.hpp"
#include "app/version_gate.hpp"
#include "app/write_guard.hpp"
#include "core/config.hpp"
#include "cycle/round.hpp"
#include "fetch/fetcher.hpp"
#include "kube/connection.hpp"
#include "kube/kube_client.hpp"
#include "report/events.hpp"
#include "schedule/schedule.hpp"

namespace kms_secretd::app {

/// All that one world has to do with one cluster: the way there, the login, the watch, the Lease.
/// Clusters share nothing here, so that a dead one delays no other. Made, started and stopped on
/// the main thread.
class ClusterLink {
 public:
  /// Something to say of the cluster.
  struct News {
    report::EventId id;
    std::string text;
  };

  /// `config` is whole, `cluster` one of it. Throws WorldError where the kubeconfig cannot be used.
  ClusterLink(core::Config const& config, std::string const& cluster, Foundation const& foundation);
  ~ClusterLink();
  ClusterLink(ClusterLink const&) = delete;
  ClusterLink& operator=(ClusterLink const&) = delete;

  [[nodiscard]] std::string const& name() const noexcept { return name_; }
  /// What of the configuration concerns this cluster: its targets and it alone.
  [[nodiscard]] core::Config const& share() const noexcept { return share_; }
  [[nodiscard]] core::ClusterConfig const& cluster() const { return share_.clusters.at(name_); }
  [[nodiscard]] kube::Connection& connection() noexcept { return *connection_; }
  [[nodiscard]] kube::KubeClient& kube() noexcept { return *kube_; }
  /// What the cluster offers the stores that show its ServiceAccounts' tokens. Any thread.
  [[nodiscard]] sdk::Host& host() noexcept { return host_; }

  /// From now on rounds read through `fetcher`, which outlives the link. Once, before stages().
  void readThrough(fetch::Fetcher& fetcher);
  /// For rounds of this cluster's targets; any thread.
  [[nodiscard]] cycle::Stages const& stages() const noexcept { return *stages_; }

  /// Starts to tell `dirty` of changes in the cluster, if the configuration wants that; `dirty`
  /// outlives the watching. Before the first round.
  void startWatching(DirtyTargets& dirty);
  /// Waits for the watch's first lists until `deadline` or a stop.
  void waitForLists(sdk::BootTime deadline, sdk::Cancellation const& stop);
  /// The watch; null where the cluster is not watched. Main thread.
  [[nodiscard]] ClusterWatch* watch() noexcept { return watch_.get(); }
  /// What the cluster holds of our targets, as far as the watch has told.
  [[nodiscard]] std::map<core::TargetId, schedule::StartState> seen() const;
  /// Begins to keep the login fresh, where it is a token of the daemon's own.
  void startRenewing();
  /// What there is to say of the login now. Main thread.
  [[nodiscard]] std::vector<News> loginNews();
  /// True if another login came into use since the last call. Main thread.
  [[nodiscard]] bool loginChanged();

  /// Begins to write Kubernetes Events, if the configuration wants that.
  void startTelling();
  /// A round ended: the cluster's users are told of it, sooner or later or not at all. Main thread.
  void tell(core::Outcome const& outcome, bool failedBefore);
  /// Waits a moment for Events that were not written yet; for a process that ends.
  void finishTelling();
  /// What is new of the server's version, the cluster named in it. Main thread, as the next two.
  [[nodiscard]] std::vector<News> versionNews();
  /// What is new of the right to write Events.
  [[nodiscard]] std::vector<News> eventNews();
  /// What became of the Events so far.
  [[nodiscard]] EventCounts eventCounts();

  /// Goes on where `before`, which must be stopped, left off. True if both are about the same
  /// Lease, which then is ours.
  [[nodiscard]] bool goOnFrom(ClusterLink& before);
  /// Begins to seek the Lease, where several daemons share the work.
  void startLeading();
  /// Who works in this cluster; null where there is no other daemon. Main thread.
  [[nodiscard]] Leadership* leadership() noexcept { return leadership_.get(); }
  /// True while rounds of this cluster may begin.
  [[nodiscard]] bool mayWork() const { return !leadership_ || leadership_->leads(); }

  /// Begins to delete what `before` (null = none) or an earlier process left without a definition,
  /// as this daemon may; tells `dirty`, which outlives that, of news.
  void startSweeping(DirtyTargets& dirty, ClusterLink* before);
  /// What deletes; null before startSweeping().
  [[nodiscard]] OrphanSweep* sweep() const noexcept { return sweep_.get(); }

  /// Ends watching, renewing, sweeping and leading (the Lease stays); returns within a second.
  void stop();

 private:
  core::Config const share_;
  std::string const name_;
  sdk::Clock const& clock_;
  platform::KeyedDigest const& digest_;
  std::shared_ptr<kube::Connection> connection_;  // shared with the watches
  std::unique_ptr<kube::KubeClient> kube_;
  std::unique_ptr<kube::KubeClient> leaseKube_;  // null where there is no Lease
  VersionGate versions_;
  std::unique_ptr<Leadership> leadership_;
  std::unique_ptr<WriteGuard> guard_;
  VersionedApi versioned_;
  PluginHost host_;
  std::unique_ptr<cycle::Stages> stages_{};
  std::unique_ptr<ClusterWatch> watch_{};
  std::unique_ptr<TokenRenewal> renewal_;
  std::unique_ptr<EventSender> events_;  // null where none are wanted
  std::unique_ptr<OrphanSweep> sweep_{};
  LoginWatch login_{};
  std::uint64_t loginGeneration_ = 0;
};

}  // namespace kms_secretd::app

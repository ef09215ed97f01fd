// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <set>
#include <string>

#include "app/cluster_watch.hpp"
#include "app/dirty_targets.hpp"
#include "app/leadership.hpp"
#include "app/orphan_sweep.hpp"
#include "apply/kube_api.hpp"
#include "core/config.hpp"
#include "kube/connection.hpp"

namespace kms_secretd::app {

/// The part of a sweep that the configuration, as far as it concerns one cluster, says. It looks
/// into the namespaces of [deletion] and, where the cluster is watched, of all definitions; where
/// it is not, only of those that say "delete", for a list is a right that polling does not need.
[[nodiscard]] SweepSettings sweepSettings(core::Config const& config, std::string const& cluster);

/// Where the configuration before may have left something: the namespaces of its definitions that
/// say "delete", whose last one may have gone, and what its sweep (null = none) did not end.
[[nodiscard]] std::set<std::string> leftBy(core::Config const& before, OrphanSweep* sweep);

/// How a sweep reaches its cluster; all of it outlives the sweep.
struct SweepPeers {
  std::shared_ptr<kube::Connection> connection{};
  apply::KubeApi& writes;            ///< guarded by the Lease, where there is one
  ClusterWatch* watch = nullptr;     ///< asked before the cluster is; null: it is not watched
  Leadership* leadership = nullptr;  ///< null: there is no other daemon
  sdk::Clock const& clock;
  DirtyTargets& dirty;  ///< nudged when there is news
};

/// `settings` with the ways to the cluster.
[[nodiscard]] SweepSettings connected(SweepSettings settings, SweepPeers const& peers);

}  // namespace kms_secretd::app

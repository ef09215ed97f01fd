// SPDX-License-Identifier: Apache-2.0
#include "app/sweep_setup.hpp"

#include <utility>
#include <vector>

#include "core/marks.hpp"
#include "kube/secret_list.hpp"

namespace kms_secretd::app {
namespace {

std::set<std::string> deletingNamespaces(core::Config const& config) {
  std::set<std::string> names(config.deletion.namespaces.begin(), config.deletion.namespaces.end());
  for (auto const& target : config.targets) {
    if (target->deletion == core::DeletionPolicy::remove) names.insert(target->id.namespaceName);
  }
  return names;
}

}  // namespace

SweepSettings sweepSettings(core::Config const& config, std::string const& cluster) {
  SweepSettings settings{.cluster = cluster,
                         .instance = config.instance,
                         .namespaces = deletingNamespaces(config),
                         .approved = config.deletion.approve,
                         .timeout = config.clusters.at(cluster).timeout};
  if (config.highAvailability.leader) settings.patience = config.highAvailability.leaseDuration;
  bool const watched = config.clusters.at(cluster).observe == core::ObserveMode::watch;
  for (auto const& target : config.targets) {
    settings.defined.insert(target->id);
    if (watched) settings.namespaces.insert(target->id.namespaceName);
  }
  return settings;
}

std::set<std::string> leftBy(core::Config const& before, OrphanSweep* sweep) {
  auto names = deletingNamespaces(before);
  if (sweep != nullptr) names.merge(sweep->unfinished());
  return names;
}

SweepSettings connected(SweepSettings settings, SweepPeers const& peers) {
  settings.clock = &peers.clock;
  settings.list = [list = kube::SecretList(peers.connection, peers.clock), watch = peers.watch,
                   label = std::string(core::marks::instanceLabel) + "=" + settings.instance](
                      auto const& name, auto const& visitor,
                      auto const& call) -> core::KubeResult<bool> {
    if (watch != nullptr && watch->visitOurs(name, visitor)) return true;
    return list.read({.namespaceName = name, .labelSelector = label}, visitor, call);
  };
  settings.remove = [&writes = peers.writes](auto const& change, auto const& call) {
    return writes.remove(change, call);
  };
  auto* const leadership = peers.leadership;
  settings.mayWork = [leadership] { return leadership == nullptr || leadership->leads(); };
  settings.differing = [leadership] {
    return leadership == nullptr ? std::vector<std::string>{} : leadership->differing();
  };
  settings.wake = [&dirty = peers.dirty] { dirty.nudge(); };
  return settings;
}

}  // namespace kms_secretd::app

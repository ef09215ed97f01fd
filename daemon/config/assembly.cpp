// SPDX-License-Identifier: Apache-2.0
#include "config/assembly.hpp"

#include <algorithm>
#include <iterator>
#include <set>
#include <utility>

#include "config/cluster_reader.hpp"
#include "config/kubernetes_syntax.hpp"
#include "config/settings.hpp"
#include "config/store_reader.hpp"
#include "config/target_assembly.hpp"
#include "core/nearest.hpp"

namespace kms_secretd::config {

namespace {

CheckedTable settingsOf(std::vector<FileDraft> const& drafts, AssemblyRequest const& request,
                        Findings& findings) {
  CheckedTable all;
  all.origin = request.mainFile;
  for (auto const& draft : drafts) mergeSettings(all, draft.settings, findings);
  finishSettings(all, request.partial, findings);
  return all;
}

/// Finds the store of every read.
class StoreResolution {
 public:
  StoreResolution(NamePlaces const& stores, bool partial, Findings& findings)
      : stores_(stores), partial_(partial), findings_(findings) {
    for (auto const& [name, origin] : stores_) names_.push_back(name);
  }

  /// `Entry` is a DataEntry or an Extraction.
  template <class Entry>
  void resolve(Entry& entry) {
    auto& store = entry.source.store;
    if (store.empty() && names_.size() == 1) store = names_.front();
    if (stores_.contains(store)) {
      used_.insert(store);
    } else if (!partial_) {
      missing(store, entry.origin);
    }
  }

  void warnOfUnused() const {
    for (auto const& [name, origin] : stores_) {
      if (used_.contains(name)) continue;
      findings_.warning(origin, "store " + shown(name) + " is used by no [[secret]]",
                        "name it in a [[secret]] or remove it");
    }
  }

 private:
  void missing(std::string const& name, core::Origin const& origin) {
    if (names_.empty()) {
      findings_.error(origin, "there is no store to read from", "add [store.<name>]");
    } else if (name.empty()) {
      findings_.error(origin, "no store is named, and there are several",
                      "add store = \"...\" here or to [defaults]: " + oneOf(names_));
    } else {
      auto const near = core::nearest(name, names_);
      findings_.error(
          origin, "there is no store " + shown(name),
          near ? "the nearest store is '" + *near + "': name it, or add [store." + name + "]"
               : "stores are " + oneOf(names_) + ": name one, or add [store." + name + "]");
    }
  }

  NamePlaces const& stores_;
  bool partial_;
  Findings& findings_;
  std::vector<std::string> names_{};
  std::set<std::string> used_{};
};

/// [defaults] hold for their own file only; elsewhere they would be accepted and ignored (B24).
void checkDefaultsUsed(std::vector<FileDraft> const& drafts, Findings& findings) {
  bool const anyTargets =
      std::ranges::any_of(drafts, [](auto const& draft) { return !draft.targets.empty(); });
  for (auto const& draft : drafts) {
    if (draft.defaultsOrigin.line == 0 || !draft.targets.empty() || !anyTargets) continue;
    findings.error(draft.defaultsOrigin,
                   "[defaults] holds for the [[secret]] tables of its own file, and there are none",
                   "move it into the files with [[secret]] tables, or remove it");
  }
}

/// Types that mint tokens need the permission of the settings.
void checkTokenTypes(std::vector<FileDraft> const& drafts, core::Config const& config,
                     Findings& findings) {
  for (auto const& draft : drafts) {
    for (auto const& [type, origin] : draft.tokenTypes) {
      if (std::ranges::find(config.allowedSecretTypes, type) != config.allowedSecretTypes.end()) {
        continue;
      }
      findings.error(
          origin, "'type' is " + shown(type),
          "it " + *tokenTypeFault(type) + "; allowed_secret_types in [daemon] permits it");
    }
  }
}

/// Options that have no effect as things are.
void warnOfIdle(CheckedTable const& settings, StoreAssembly const& stores,
                core::Config const& config, Findings& findings) {
  if (settings.origins.contains("region") && !stores.regionUsed()) {
    findings.warning(settings.originOf("region"), "'region' is used by no store",
                     "remove it; every store names its own region or needs none");
  }
  if (!config.pollingEnabled && settings.origins.contains("polling.interval")) {
    findings.warning(settings.originOf("polling.interval"),
                     "the interval only bounds retries while polling is off",
                     "remove it, or write enabled = true");
  }
  if (config.targets.empty()) {
    findings.warning(settings.origin, "there is no [[secret]]: nothing will be written",
                     "add one, here or in conf.d");
  }
}

void takeClusters(ClusterAssembly& clusters, CheckedTable const& settings,
                  std::vector<FileDraft>& drafts) {
  clusters.addKubernetes(settings);
  for (auto& draft : drafts) {
    for (auto& cluster : std::exchange(draft.clusters, {})) clusters.add(std::move(cluster));
  }
}

/// Whether there is a cluster, as far as can be told.
void checkAnyCluster(NamePlaces const& clusters, bool partial, core::Origin const& mainFile,
                     Findings& findings) {
  if (partial || !clusters.empty()) return;
  findings.error(mainFile, "[kubernetes] is missing",
                 "add [kubernetes] (the cluster that is written to), or a [cluster.<name>] for "
                 "each of several");
}

/// The clusters whose ServiceAccounts' tokens the stores show.
void resolveTokenClusters(core::Config& config, Findings& findings) {
  auto const& clusters = config.clusters;
  for (auto& [name, store] : config.stores) {
    auto& cluster = store.tokenCluster;
    if (cluster.empty()) {
      cluster =
          clusters.contains(core::defaultCluster) ? core::defaultCluster : clusters.begin()->first;
    } else if (!clusters.contains(cluster)) {
      findings.error(store.originOf("token_cluster"), "there is no cluster " + shown(cluster),
                     "name one that is configured");
    }
  }
}

}  // namespace

core::Config assemble(std::vector<FileDraft> drafts, AssemblyRequest const& request,
                      Findings& findings) {
  auto const settings = settingsOf(drafts, request, findings);
  auto config = findings.clean() ? configFrom(settings) : core::Config{};
  config.allowedSecretTypes = settings.options.table("daemon").list("allowed_secret_types");
  ClusterAssembly clusters(findings);
  takeClusters(clusters, settings, drafts);
  StoreAssembly stores(findings, settings);
  for (auto& draft : drafts) {
    for (auto& store : draft.stores) stores.add(std::move(store));
    std::ranges::move(draft.policies, std::back_inserter(config.policies));
  }
  checkDefaultsUsed(drafts, findings);
  if (!request.partial) checkTokenTypes(drafts, config, findings);
  bool const fewerStores =
      request.partial || std::ranges::any_of(drafts, &FileDraft::storesRefused);
  bool const fewerClusters =
      request.partial || std::ranges::any_of(drafts, &FileDraft::clustersRefused);
  checkAnyCluster(clusters.names(), fewerClusters, request.mainFile, findings);
  StoreResolution resolution(stores.names(), fewerStores, findings);
  ClusterResolution clusterResolution(clusters.names(), fewerClusters, findings);
  TargetAssembly targets(config, clusterResolution, findings);
  for (auto& draft : drafts) {
    for (auto& target : std::exchange(draft.targets, {})) {
      auto& definition = target.definition;
      std::ranges::for_each(definition.data, [&](auto& entry) { resolution.resolve(entry); });
      std::ranges::for_each(definition.extractions,
                            [&](auto& entry) { resolution.resolve(entry); });
      targets.add(std::move(target), request.hash);
    }
  }
  if (findings.clean()) {  // what seems idle beside an error is often its consequence
    warnOfIdle(settings, stores, config, findings);
    resolution.warnOfUnused();
    clusterResolution.warnOfUnused();
    warnOfIdlePolicies(config.policies, stores.names(), findings);
  }
  config.stores = stores.take();
  config.clusters = clusters.take();
  if (findings.clean()) resolveTokenClusters(config, findings);
  return config;
}

}  // namespace kms_secretd::config

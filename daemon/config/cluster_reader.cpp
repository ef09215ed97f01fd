// SPDX-License-Identifier: Apache-2.0
#include "config/cluster_reader.hpp"

#include <cstdint>
#include <utility>

#include "config/bounds.hpp"
#include "config/complete.hpp"
#include "config/kubernetes_syntax.hpp"
#include "config/settings.hpp"
#include "config/table_checker.hpp"

namespace kms_secretd::config {

namespace {

Section sectionOf(std::string const& name) {
  return {.path = "cluster." + name, .generic = "cluster", .declarations = clusterOptions()};
}

bool usable(std::string const& name, bool isTable, core::Origin const& origin, Findings& findings) {
  if (!isTable) {
    findings.error(origin, shown(name) + " in [cluster] is not a cluster",
                   "a cluster has a name: write [cluster.<name>] above its keys");
    return false;
  }
  auto const fault = labelFault(name);
  if (fault) {
    findings.error(origin, "cluster name " + shown(name) + " " + *fault, "rename the cluster");
  }
  return !fault;
}

/// The texts and bounds of a cluster's keys; `prefix` stands before them in the paths of `table`.
void checkCluster(CheckedTable const& table, std::string const& prefix, Findings& findings) {
  checkText(table, dotted(prefix, "kubeconfig"), absolutePathFault, findings);
  checkText(table, dotted(prefix, "context"), sourceNameFault, findings);
  checkBounds(table, dotted(prefix, "timeout"), timeoutBounds, findings);
  checkBounds(table, dotted(prefix, "qps"), qpsBounds, findings);
  checkBounds(table, dotted(prefix, "burst"), burstBounds, findings);
}

std::uint32_t numberOr(sdk::Options const& options, char const* name, std::uint32_t otherwise) {
  return options.has(name) ? static_cast<std::uint32_t>(options.integer(name)) : otherwise;
}

core::ClusterConfig clusterFrom(std::string const& name, sdk::Options const& options,
                                core::Origin origin) {
  return {.name = name,
          .kubeconfig = options.text("kubeconfig"),
          .context = options.text("context"),
          .observe = options.text("observe") == "poll" ? core::ObserveMode::poll
                                                       : core::ObserveMode::watch,
          .timeout = options.duration("timeout"),
          .events = options.boolean("events"),
          .qps = numberOr(options, "qps", 0),
          .burst = numberOr(options, "burst", 0),
          .origin = std::move(origin)};
}

}  // namespace

void readClusters(toml::node const& node, FileContext const& file, FileDraft& draft) {
  auto const* clusters = node.as_table();
  if (clusters == nullptr) {
    draft.clustersRefused = true;
    file.findings.error(file.at(node.source()), "'cluster' is not a table of clusters",
                        "a cluster has a name: write [cluster.<name>]; a [[secret]] names the one "
                        "it goes to");
    return;
  }
  TableChecker checker(file);
  for (auto const& [key, value] : *clusters) {
    std::string const name(key.str());
    auto const* table = value.as_table();
    if (usable(name, table != nullptr, file.at(key.source()), file.findings)) {
      draft.clusters.push_back({.name = name, .table = checker.check(*table, sectionOf(name))});
    } else {
      draft.clustersRefused = true;
    }
  }
}

void ClusterAssembly::addKubernetes(CheckedTable const& settings) {
  auto const given = settings.origins.find("kubernetes");
  if (given == settings.origins.end()) return;
  names_.emplace(core::defaultCluster, given->second);
  checkCluster(settings, "kubernetes", findings_);
  if (!findings_.clean()) return;
  clusters_[core::defaultCluster] =
      clusterFrom(core::defaultCluster, settings.options.table("kubernetes"),
                  settings.originOf("kubernetes.kubeconfig"));
}

void ClusterAssembly::add(ClusterDraft draft) {
  auto const [at, isNew] = names_.emplace(draft.name, draft.table.origin);
  if (!isNew) {
    findings_.error(draft.table.origin,
                    "cluster " + shown(draft.name) + " was already defined at " + at->second.text(),
                    draft.name == core::defaultCluster
                        ? "[kubernetes] is the cluster 'default': rename or remove one of the two"
                        : "remove one of the two or rename it");
    return;
  }
  complete(draft.table, sectionOf(draft.name), findings_);
  checkCluster(draft.table, "", findings_);
  if (!findings_.clean()) return;
  clusters_[draft.name] =
      clusterFrom(draft.name, draft.table.options, draft.table.originOf("kubeconfig"));
}

}  // namespace kms_secretd::config

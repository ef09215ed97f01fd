// SPDX-License-Identifier: Apache-2.0
#include "config/target_assembly.hpp"

#include <algorithm>
#include <memory>
#include <utility>

#include "config/definition_hash.hpp"
#include "core/feed_policy.hpp"
#include "core/nearest.hpp"

namespace kms_secretd::config {

ClusterResolution::ClusterResolution(NamePlaces const& clusters, bool partial, Findings& findings)
    : clusters_(clusters), partial_(partial), findings_(findings) {
  for (auto const& [name, origin] : clusters_) names_.push_back(name);
}

std::vector<std::string> ClusterResolution::of(TargetDraft const& draft) {
  auto wanted = draft.clusters.names;
  auto const named = !wanted.empty();
  if (!named && names_.size() == 1) wanted = names_;
  if (!named && clusters_.contains(core::defaultCluster)) wanted = {core::defaultCluster};
  if (wanted.empty() && !partial_) missing("", draft.definition.origin);
  std::erase_if(wanted, [&](std::string const& name) {
    if (clusters_.contains(name)) return false;
    if (!partial_) missing(name, draft.clusters.origin);
    return true;
  });
  used_.insert(wanted.begin(), wanted.end());
  return wanted;
}

void ClusterResolution::missing(std::string const& name, core::Origin const& origin) {
  if (names_.empty()) return;  // told once, for the whole configuration
  if (name.empty()) {
    findings_.error(
        origin, "no cluster is named, and there are several",
        "add cluster = \"...\" or clusters = [...] here or to [defaults]: " + oneOf(names_));
    return;
  }
  auto const near = core::nearest(name, names_);
  findings_.error(
      origin, "there is no cluster " + shown(name),
      near ? "the nearest cluster is '" + *near + "': name it, or add [cluster." + name + "]"
           : "clusters are " + oneOf(names_) + ": name one, or add [cluster." + name + "]");
}

void ClusterResolution::warnOfUnused() const {
  if (clusters_.size() < 2) return;
  for (auto const& [name, origin] : clusters_) {
    if (used_.contains(name)) continue;
    findings_.warning(origin, "cluster " + shown(name) + " is used by no [[secret]]",
                      "name it in a [[secret]] or remove it");
  }
}

void TargetAssembly::add(TargetDraft draft, HashFunction const& hash) {
  fillInterval(draft.definition);
  draft.definition.data.shrink_to_fit();
  for (auto const& cluster : clusters_.of(draft)) {
    for (auto const& namespaceName : draft.namespaces.names) {
      auto target = draft.definition;
      target.id.cluster = cluster;
      target.id.namespaceName = namespaceName;
      addOne(std::move(target), hash);
    }
  }
}

void TargetAssembly::fillInterval(core::TargetDefinition& target) {
  if (target.interval.count() == 0) {
    target.interval = config_.pollingInterval;
  } else if (!config_.pollingEnabled) {
    findings_.warning(target.origin, "the interval only bounds retries while polling is off",
                      "remove it, or write enabled = true in [polling]");
  }
}

void TargetAssembly::addOne(core::TargetDefinition target, HashFunction const& hash) {
  if (isDouble(target)) return;
  checkPolicies(target);
  texts_.share(target);
  target.hash = hash(canonicalText(target));
  config_.targets.push_back(std::make_shared<core::TargetDefinition const>(std::move(target)));
}

bool TargetAssembly::isDouble(core::TargetDefinition const& target) {
  if (target.id.name.empty() || target.id.namespaceName.empty()) return false;
  auto const [at, isNew] = places_.emplace(target.id, target.origin);
  if (isNew) return false;
  findings_.error(
      target.origin,
      "Secret " + shown(target.id.text()) + " was already defined at " + at->second.text(),
      "put all its keys into one [[secret]], or rename one");
  return true;
}

void TargetAssembly::checkPolicies(core::TargetDefinition const& target) {
  auto const refusal = core::whyNotFed(config_.policies, target);
  if (!refusal) return;
  findings_.error(target.origin,
                  "Secret " + shown(target.id.text()) + ": " + refusal->what +
                      ", says the [[policy]] at " + refusal->policy.text(),
                  "change the [[secret]] or the [[policy]]");
}

void warnOfIdlePolicies(std::vector<core::FeedPolicy> const& policies, NamePlaces const& stores,
                        Findings& findings) {
  for (auto const& policy : policies) {
    auto const speaks = std::ranges::any_of(
        stores, [&](auto const& store) { return policy.stores.admits(store.first); });
    if (speaks) continue;
    findings.warning(policy.origin, "the policy speaks of no store that there is",
                     "mend its stores, or remove it");
  }
}

}  // namespace kms_secretd::config

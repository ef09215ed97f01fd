// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "config/file_draft.hpp"
#include "config/load.hpp"
#include "config/problem.hpp"
#include "config/text_pool.hpp"
#include "core/config.hpp"

namespace kms_secretd::config {

/// Where each name was first written.
using NamePlaces = std::map<std::string, core::Origin>;

/// Finds the clusters of every [[secret]].
class ClusterResolution {
 public:
  /// `partial`: clusters may be missing that a refused part would have defined.
  ClusterResolution(NamePlaces const& clusters, bool partial, Findings& findings);

  /// The clusters that the draft goes to, as far as they exist; what is wrong is told.
  [[nodiscard]] std::vector<std::string> of(TargetDraft const& draft);
  void warnOfUnused() const;

 private:
  void missing(std::string const& name, core::Origin const& origin);

  NamePlaces const& clusters_;
  bool partial_;
  Findings& findings_;
  std::vector<std::string> names_{};
  std::set<std::string> used_{};
};

/// Takes the [[secret]] tables of all files into `config`: one target for each cluster and
/// namespace that a table names. A target that stands twice is an error, and so is one that a
/// policy refuses.
class TargetAssembly {
 public:
  TargetAssembly(core::Config& config, ClusterResolution& clusters, Findings& findings)
      : config_(config), clusters_(clusters), findings_(findings) {}

  /// Takes one, whose stores are resolved.
  void add(TargetDraft draft, HashFunction const& hash);

 private:
  void addOne(core::TargetDefinition target, HashFunction const& hash);
  void fillInterval(core::TargetDefinition& target);
  [[nodiscard]] bool isDouble(core::TargetDefinition const& target);
  void checkPolicies(core::TargetDefinition const& target);

  core::Config& config_;
  ClusterResolution& clusters_;
  Findings& findings_;
  std::map<core::TargetId, core::Origin> places_{};
  TextPool texts_{};
};

/// Warns of policies that speak of no store there is.
void warnOfIdlePolicies(std::vector<core::FeedPolicy> const& policies, NamePlaces const& stores,
                        Findings& findings);

}  // namespace kms_secretd::config

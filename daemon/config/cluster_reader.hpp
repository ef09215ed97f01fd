// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <toml++/toml.h>

#include <map>
#include <string>
#include <vector>

#include "config/file_draft.hpp"
#include "config/syntax.hpp"
#include "core/config.hpp"

namespace kms_secretd::config {

/// Reads all [cluster.<name>] of one file into `draft`.
void readClusters(toml::node const& node, FileContext const& file, FileDraft& draft);

/// Puts the clusters together: [kubernetes] of the settings, which is the cluster "default", and
/// the [cluster.<name>] tables of all files; a name that stands twice is an error.
class ClusterAssembly {
 public:
  explicit ClusterAssembly(Findings& findings) : findings_(findings) {}

  /// Takes [kubernetes], if there is one, of settings that are merged and completed.
  void addKubernetes(CheckedTable const& settings);
  /// Takes one cluster of one file.
  void add(ClusterDraft draft);
  /// Where each name was first written, also of clusters that have errors.
  [[nodiscard]] std::map<std::string, core::Origin> const& names() const noexcept { return names_; }
  /// The clusters without errors.
  [[nodiscard]] std::map<std::string, core::ClusterConfig> take() { return std::move(clusters_); }

 private:
  Findings& findings_;
  std::map<std::string, core::Origin> names_{};
  std::map<std::string, core::ClusterConfig> clusters_{};
};

}  // namespace kms_secretd::config

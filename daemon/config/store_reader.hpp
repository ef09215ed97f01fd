// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <toml++/toml.h>

#include <map>
#include <string>
#include <vector>

#include "config/catalog.hpp"
#include "config/file_draft.hpp"
#include "config/syntax.hpp"
#include "core/config.hpp"

namespace kms_secretd::config {

/// Reads all [store.<name>] of one file into `draft`; asks `catalog` for each store's backend.
void readStores(toml::node const& node, FileContext const& file, BackendCatalog& catalog,
                FileDraft& draft);

/// Puts the stores of all files together: the top-level region where a backend wants one, defaults,
/// bounds; a name that stands twice is an error.
class StoreAssembly {
 public:
  StoreAssembly(Findings& findings, CheckedTable const& settings)
      : findings_(findings), settings_(settings) {}

  /// Takes one store of one file.
  void add(StoreDraft draft);
  /// Where each name was first written, also of stores that have errors.
  [[nodiscard]] std::map<std::string, core::Origin> const& names() const noexcept { return names_; }
  /// True if the top-level region went into a store.
  [[nodiscard]] bool regionUsed() const noexcept { return regionUsed_; }
  /// The stores without errors.
  [[nodiscard]] std::map<std::string, core::StoreConfig> take() { return std::move(stores_); }

 private:
  void fillRegion(StoreDraft& draft);

  Findings& findings_;
  CheckedTable const& settings_;
  std::map<std::string, core::Origin> names_{};
  std::map<std::string, core::StoreConfig> stores_{};
  bool regionUsed_ = false;
};

}  // namespace kms_secretd::config

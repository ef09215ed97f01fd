// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "config/catalog.hpp"

namespace kms_secretd::config_test {

/// The backends of plugins that were just built: their declarations, straight from the descriptor.
/// The loader's checks are not the matter here.
class PluginCatalog final : public config::BackendCatalog {
 public:
  /// `paths` of .so files. Throws std::runtime_error where one cannot be opened; the libraries stay
  /// loaded until exit.
  explicit PluginCatalog(std::vector<std::string> const& paths);

  [[nodiscard]] config::BackendLookup find(std::string const& name) override;
  [[nodiscard]] std::vector<config::BackendDescription> const& all() const noexcept {
    return descriptions_;
  }

 private:
  std::vector<config::BackendDescription> descriptions_;
};

}  // namespace kms_secretd::config_test

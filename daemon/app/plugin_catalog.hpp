// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "backends/plugin_registry.hpp"
#include "config/catalog.hpp"

namespace kms_secretd::app {

/// What the configuration may know of the installed plugins. Main thread.
class PluginCatalog final : public config::BackendCatalog {
 public:
  /// `registry` outlives the catalog.
  explicit PluginCatalog(backends::PluginRegistry& registry) : registry_(registry) {}
  config::BackendLookup find(std::string const& name) override;
  [[nodiscard]] std::vector<std::string> names() { return registry_.names(); }

 private:
  backends::PluginRegistry& registry_;
};

}  // namespace kms_secretd::app

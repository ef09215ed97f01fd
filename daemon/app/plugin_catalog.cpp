// SPDX-License-Identifier: Apache-2.0
#include "app/plugin_catalog.hpp"

#include "backends/plugin_error.hpp"

namespace kms_secretd::app {

config::BackendLookup PluginCatalog::find(std::string const& name) {
  try {
    auto const library = registry_.load(name);
    return config::BackendDescription{
        .name = library->name(), .version = library->version(), .options = library->options()};
  } catch (backends::PluginError const& error) {
    return config::BackendRefusal{error.what()};
  }
}

}  // namespace kms_secretd::app

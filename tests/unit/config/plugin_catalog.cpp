// SPDX-License-Identifier: Apache-2.0
#include "plugin_catalog.hpp"

#include <dlfcn.h>

#include <algorithm>
#include <stdexcept>

#include <kms-secretd/plugin.hpp>

namespace kms_secretd::config_test {

namespace {

config::BackendDescription describe(std::string const& path) {
  auto* library = ::dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) throw std::runtime_error(::dlerror());
  auto const* descriptor =
      static_cast<sdk::PluginDescriptor const*>(::dlsym(library, "kms_secretd_plugin"));
  if (descriptor == nullptr) throw std::runtime_error(path + " exports no descriptor");
  return {.name = descriptor->name,
          .version = descriptor->version,
          .options = {descriptor->options, descriptor->optionCount}};
}

}  // namespace

PluginCatalog::PluginCatalog(std::vector<std::string> const& paths) {
  for (auto const& path : paths) descriptions_.push_back(describe(path));
  std::ranges::sort(descriptions_, {}, &config::BackendDescription::name);
}

config::BackendLookup PluginCatalog::find(std::string const& name) {
  auto const at = std::ranges::find(descriptions_, name, &config::BackendDescription::name);
  if (at == descriptions_.end()) return config::BackendRefusal{"there is no such plugin"};
  return *at;
}

}  // namespace kms_secretd::config_test

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <kms-secretd/host.hpp>
#include <kms-secretd/options.hpp>

#include "backends/backend_instance.hpp"
#include "backends/plugin_registry.hpp"
#include "conformance/temporary_directory.hpp"

namespace kms_secretd::conformance {

using GivenOptions = std::vector<std::pair<std::string, sdk::OptionValue>>;

/// Options as the daemon hands them to a backend: only declared ones, and every default filled in.
/// Throws std::invalid_argument for one that is not declared, and for a required one left out.
[[nodiscard]] sdk::Options completed(std::span<sdk::OptionDeclaration const> declared,
                                     GivenOptions const& given);

/// A plugin file, loaded through the daemon's own loader out of a directory of its own, and one
/// backend of it. The name of the plugin is the name of the file.
class LoadedBackend {
 public:
  /// `host` outlives it. Throws backends::PluginError as the loader does.
  LoadedBackend(std::string const& pluginFile, GivenOptions given, sdk::Host& host);

  [[nodiscard]] sdk::Backend& backend() noexcept { return *instance_; }
  [[nodiscard]] backends::PluginLibrary const& plugin() const noexcept { return *library_; }
  /// Destroys the backend and makes a new one with the same options, as a reload does.
  void remake();

 private:
  TemporaryDirectory directory_;
  GivenOptions given_;
  sdk::Host& host_;
  std::shared_ptr<backends::PluginLibrary const> library_;
  std::unique_ptr<backends::BackendInstance> instance_;
};

}  // namespace kms_secretd::conformance

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "backends/plugin_library.hpp"

namespace kms_secretd::backends {

/// The plugins of one directory, by name. Each is loaded once, on first use. Main thread only.
class PluginRegistry {
 public:
  explicit PluginRegistry(PluginDirectory directory) : directory_(std::move(directory)) {}

  /// The plugin of that name. Throws PluginError: no such plugin (says what there is and which name
  /// is near), or the reason why the file is refused; a refused one is tried again next time.
  [[nodiscard]] std::shared_ptr<PluginLibrary const> load(std::string const& name);
  /// The names that files in the directory have, in order; none if it cannot be read.
  [[nodiscard]] std::vector<std::string> names() const;
  [[nodiscard]] PluginDirectory const& directory() const noexcept { return directory_; }

 private:
  [[nodiscard]] PluginError unknown(std::string const& name) const;

  PluginDirectory directory_;
  std::map<std::string, std::shared_ptr<PluginLibrary const>> loaded_;  ///< shared with backends
};

}  // namespace kms_secretd::backends

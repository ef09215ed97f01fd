// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "backends/plugin_error.hpp"

namespace kms_secretd::backends {

/// Where plugins are and whose they may be.
struct PluginDirectory {
  std::string path{};        ///< the compiled-in directory, or that of --plugin-dir
  bool trustOwnUid = false;  ///< --plugin-dir: the daemon's effective user may own it, as root may
};

/// True for what a plugin may be called: 1 to 64 of small letters, digits, '-' and '_', no other
/// start than a letter or digit. So a name in the configuration can never be a path.
[[nodiscard]] bool isPluginName(std::string const& name) noexcept;

/// Checks directory and file NAME.so before anything is mapped: a real directory and a regular
/// file, no symbolic link, owned by whom the directory trusts, writable by nobody else, complete
/// ELF for this machine. Returns the path to load. Since nobody else may write to the directory,
/// the file that was checked is the file that is loaded. Throws PluginError. Any thread.
[[nodiscard]] std::string checkPluginFile(PluginDirectory const& directory,
                                          std::string const& name);

}  // namespace kms_secretd::backends

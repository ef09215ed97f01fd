// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <span>
#include <string>

#include <kms-secretd/plugin.hpp>

#include "backends/plugin_file_check.hpp"

namespace kms_secretd::backends {

/// A plugin that passed the handshake. Its code and its descriptor stay until the process ends: a
/// library is never unloaded, nor one that was refused, for nobody knows what still points into it.
/// So a new version of a plugin file wants a restart. Immutable; may be read from any thread.
class PluginLibrary {
 public:
  /// Checks and loads NAME.so of `directory`. Throws PluginError. Main thread.
  [[nodiscard]] static std::shared_ptr<PluginLibrary const> load(PluginDirectory const& directory,
                                                                 std::string const& name);

  /// The file that was loaded.
  [[nodiscard]] std::string const& file() const noexcept { return file_; }
  [[nodiscard]] sdk::PluginDescriptor const& descriptor() const noexcept { return *descriptor_; }
  [[nodiscard]] std::string name() const { return descriptor_->name; }
  [[nodiscard]] std::string version() const { return descriptor_->version; }
  /// What a [store.*] of this backend may hold; lives until the process ends.
  [[nodiscard]] std::span<sdk::OptionDeclaration const> options() const noexcept {
    return {descriptor_->options, descriptor_->optionCount};
  }
  /// Concurrent fetch() calls that one backend object bears.
  [[nodiscard]] std::uint32_t maxParallel() const noexcept { return descriptor_->maxParallel; }

 private:
  PluginLibrary(std::string file, sdk::PluginDescriptor const* descriptor)
      : file_(std::move(file)), descriptor_(descriptor) {}

  std::string file_;
  sdk::PluginDescriptor const* descriptor_;  ///< never null
};

}  // namespace kms_secretd::backends

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <stdexcept>
#include <string>
#include <utility>

namespace kms_secretd::backends {

/// A plugin cannot be used, or it cannot make a backend: the daemon cannot start with it.
/// what() is one sentence that names the file or the plugin, what was found and what was expected.
class PluginError : public std::runtime_error {
 public:
  /// `option` is the dotted path of the option at fault, or empty.
  explicit PluginError(std::string const& sentence, std::string option = {})
      : std::runtime_error(sentence), option_(std::move(option)) {}
  /// The option at fault (dotted path, for its place in the configuration), or empty.
  [[nodiscard]] std::string const& option() const noexcept { return option_; }

 private:
  std::string option_;
};

}  // namespace kms_secretd::backends

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "config/catalog.hpp"
#include "config/section.hpp"
#include "core/definition.hpp"

namespace kms_secretd::config {

/// One [store.<name>] before the top-level region is known.
struct StoreDraft {
  std::string name{};
  CheckedTable table{};
  std::vector<sdk::OptionDeclaration> declarations{};  ///< the common ones and the backend's
  bool backendKnown = false;
};

/// A type of Secret that mints tokens, where it was asked for.
struct TokenType {
  std::string type{};
  core::Origin origin{};
};

/// What one file says, checked as far as one file can be.
struct FileDraft {
  CheckedTable settings{};  ///< without defaults: another file may hold the rest
  std::vector<StoreDraft> stores{};
  bool storesRefused = false;  ///< there are more, without a usable name
  /// Interval 0 and an empty store name are to be filled in once all files are read.
  std::vector<core::TargetDefinition> targets{};
  std::vector<TokenType> tokenTypes{};  ///< refused unless the settings allow them
  core::Origin defaultsOrigin{};        ///< line 0 = there is no [defaults]
};

}  // namespace kms_secretd::config

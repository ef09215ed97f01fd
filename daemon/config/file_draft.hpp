// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "config/catalog.hpp"
#include "config/section.hpp"
#include "core/definition.hpp"
#include "core/feed_policy.hpp"

namespace kms_secretd::config {

/// One [store.<name>] before the top-level region is known.
struct StoreDraft {
  std::string name{};
  CheckedTable table{};
  std::vector<sdk::OptionDeclaration> declarations{};  ///< the common ones and the backend's
  bool backendKnown = false;
};

/// One [cluster.<name>].
struct ClusterDraft {
  std::string name{};
  CheckedTable table{};
};

/// Namespaces or clusters that a definition names, and where.
struct Places {
  std::vector<std::string> names{};
  core::Origin origin{};
};

/// One [[secret]]: interval 0 and an empty store name are to be filled in once all files are read,
/// and so are the places that it goes to.
struct TargetDraft {
  core::TargetDefinition definition{};  ///< its id is only a name yet
  Places namespaces{};
  Places clusters{};  ///< none: none was named
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
  std::vector<ClusterDraft> clusters{};
  bool clustersRefused = false;  ///< there are more, without a usable name
  std::vector<TargetDraft> targets{};
  std::vector<core::FeedPolicy> policies{};
  std::vector<TokenType> tokenTypes{};  ///< refused unless the settings allow them
  core::Origin defaultsOrigin{};        ///< line 0 = there is no [defaults]
};

}  // namespace kms_secretd::config

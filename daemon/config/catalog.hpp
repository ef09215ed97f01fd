// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <variant>

#include <kms-secretd/options.hpp>

namespace kms_secretd::config {

/// What the configuration must know of a backend. The declarations live as long as the catalog.
struct BackendDescription {
  std::string name{};
  std::string version{};
  std::span<sdk::OptionDeclaration const> options{};
};

/// Why a plugin cannot be used: one sentence that says what to do, or which names there are. Shown
/// at the `backend =` line.
struct BackendRefusal {
  std::string sentence{};
};

using BackendLookup = std::variant<BackendDescription, BackendRefusal>;

/// Which backends there are. The loader stands behind it in the daemon, a table in tests.
class BackendCatalog {
 public:
  virtual ~BackendCatalog() = default;
  /// Loads the plugin if need be. Called once per store in each load, on the thread of load().
  [[nodiscard]] virtual BackendLookup find(std::string const& name) = 0;
};

}  // namespace kms_secretd::config

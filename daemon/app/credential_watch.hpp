// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include <kms-secretd/clock.hpp>

#include "app/store_host.hpp"

namespace kms_secretd::app {

/// What there is to say of credentials that end: each store's once a day, and when the end has
/// come. Main thread.
class CredentialWatch {
 public:
  struct News {
    std::string store;
    std::string text;
  };

  /// Looks at what the backends told, by store, as it is at `now`.
  [[nodiscard]] std::vector<News> look(std::map<std::string, CredentialEnd> const& ends,
                                       sdk::WallTime now);

 private:
  struct Said {
    sdk::WallTime at{};
    bool ended = false;  ///< that it has ended was said
  };
  std::map<std::string, Said> said_{};
};

/// What to say of a credential of `store` that ends; nothing while that is more than 30 days ahead.
/// Pure.
[[nodiscard]] std::optional<std::string> credentialWarning(std::string const& store,
                                                           CredentialEnd const& end,
                                                           sdk::WallTime now);

}  // namespace kms_secretd::app

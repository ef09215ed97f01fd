// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <kms-secretd/clock.hpp>

#include "kube/connection.hpp"
#include "report/events.hpp"

namespace kms_secretd::app {

/// What there is to say of the daemon's own login: said when it begins, and an ending certificate
/// once a day. Main thread.
class LoginWatch {
 public:
  struct News {
    report::EventId id;
    std::string text;
  };

  /// Looks at the login of `connection` as it is at `now`.
  [[nodiscard]] std::vector<News> look(kube::Connection& connection, sdk::WallTime now);

 private:
  std::string saidProblem_{};
  std::optional<sdk::WallTime> saidExpiryAt_{};
};

/// "ends in 29 days" or "ended 3 days ago" for something that ends at `expiry`; nothing while that
/// is more than 30 days ahead. Pure.
[[nodiscard]] std::optional<std::string> endingSoon(sdk::WallTime expiry, sdk::WallTime now);

/// What to say of a client certificate that ends at `expiry`; nothing while that is more than 30
/// days ahead. `where` names the file for the admin. Pure.
[[nodiscard]] std::optional<std::string> expiryWarning(sdk::WallTime expiry, sdk::WallTime now,
                                                       std::string const& where);

}  // namespace kms_secretd::app

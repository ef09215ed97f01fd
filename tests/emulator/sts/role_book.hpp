// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "emulator/sts/jwt.hpp"

namespace kms_secretd::emulator {

/// One statement of a role's trust policy. Either an ARN (`acs:ram::<account>:root`, a user, a
/// role), or an OIDC provider with the subject that it must vouch for.
struct Trust {
  std::string principal;  // ARN, or the provider's ARN
  std::string subject;    // OIDC: "system:serviceaccount:ns:name"; empty = any
};

/// A RAM role.
struct Role {
  std::string arn;
  std::vector<Trust> trust;
  std::string externalId;           // wanted of AssumeRole; empty = none
  std::int64_t maxSeconds = 3600;   // MaxSessionDuration
  std::int64_t sessionSeconds = 0;  // for tests: how long sessions really last; 0 = as asked
  bool active = true;               // false: as if it did not exist
};

/// An OIDC identity provider in RAM.
struct OidcProvider {
  std::string arn;
  std::string issuer;
  std::vector<std::string> clientIds;
  std::vector<RsaKey> keys;
};

/// Roles and OIDC providers. Not synchronised: see World.
class RoleBook {
 public:
  void put(Role role) { roles_[role.arn] = std::move(role); }
  void put(OidcProvider provider) { providers_[provider.arn] = std::move(provider); }
  std::optional<Role> role(const std::string& arn) const;
  std::optional<OidcProvider> provider(const std::string& arn) const;
  /// False if there is no such role.
  bool setActive(const std::string& arn, bool active);

 private:
  std::map<std::string, Role> roles_;
  std::map<std::string, OidcProvider> providers_;
};

}  // namespace kms_secretd::emulator

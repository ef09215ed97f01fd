// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

#include <kms-secretd/host.hpp>

#include "alicloud/credential_provider.hpp"

namespace kms_secretd::alicloud {

/// Where the OIDC token of AssumeRoleWithOIDC comes from. read() is called before each exchange:
/// whoever writes the file renews it, and a token of the API server lives for one exchange.
class OidcToken {
 public:
  virtual ~OidcToken() = default;
  /// A token as it is now, without white space around it. Failures as CredentialProvider allows.
  virtual sdk::Result<sdk::SecretBytes> read(CredentialRequest const& request) = 0;
};

/// A token that somebody keeps fresh in a file or a credential.
[[nodiscard]] std::unique_ptr<OidcToken> makeOidcToken(std::unique_ptr<sdk::SecretSource> source);

/// A ServiceAccount whose token the daemon asks the API server for (TokenRequest).
struct ServiceAccount {
  std::string namespaceName{};
  std::string name{};
  std::string audience{};
};
/// `host` outlives the token.
[[nodiscard]] std::unique_ptr<OidcToken> makeOidcToken(ServiceAccount account, sdk::Host& host);

/// The text of a JSON web token without white space around it, or why it cannot be one: only its
/// shape is looked at, STS judges the rest.
[[nodiscard]] sdk::Result<sdk::SecretBytes> tokenIn(sdk::SecretBytes const& bytes,
                                                    std::string const& origin);

}  // namespace kms_secretd::alicloud

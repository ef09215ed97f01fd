// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

#include "alicloud/credential_source.hpp"
#include "alicloud/oidc_token.hpp"
#include "alicloud/sts_client.hpp"

namespace kms_secretd::alicloud {

/// AssumeRoleWithOIDC (RRSA). The token is read anew for each exchange; when STS says that it is
/// expired or unsigned, it is read once more, and another token is tried once.
class OidcSource final : public CredentialSource {
 public:
  OidcSource(std::shared_ptr<StsClient> sts, RoleSession session, std::string providerArn,
             std::unique_ptr<OidcToken> token)
      : sts_(std::move(sts)),
        session_(std::move(session)),
        providerArn_(std::move(providerArn)),
        token_(std::move(token)) {}
  sdk::Result<CredentialPtr> issue(CredentialRequest const& request) override;

 private:
  std::shared_ptr<StsClient> sts_;
  RoleSession session_;
  std::string providerArn_;
  std::unique_ptr<OidcToken> token_;
};

}  // namespace kms_secretd::alicloud

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "alicloud/credential_source.hpp"
#include "alicloud/sts_client.hpp"

namespace kms_secretd::alicloud {

/// AssumeRole with the credential of another provider, the base. When STS refuses the base's
/// credential, the base is asked once for a newer one.
class RoleSource final : public CredentialSource {
 public:
  RoleSource(std::shared_ptr<StsClient> sts, RoleSession session,
             std::unique_ptr<CredentialProvider> base)
      : sts_(std::move(sts)), session_(std::move(session)), base_(std::move(base)) {}
  sdk::Result<CredentialPtr> issue(CredentialRequest const& request) override;

 private:
  std::shared_ptr<StsClient> sts_;
  RoleSession session_;
  std::unique_ptr<CredentialProvider> base_;
};

}  // namespace kms_secretd::alicloud

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <kms-secretd/backend.hpp>
#include <kms-secretd/transport.hpp>

#include "alicloud/credential_provider.hpp"
#include "alicloud/endpoint.hpp"
#include "alicloud/secret_read.hpp"
#include "alicloud/v3_signing.hpp"

namespace kms_secretd::kms_endpoint {

/// What every call of one backend works with; all outlive the call.
struct CallTools {
  alicloud::Endpoint const& endpoint;
  alicloud::CredentialProvider& credentials;
  sdk::Transport& transport;
  alicloud::ReadTools read;
  bool dryRun = false;  ///< only ask whether the secret may be read; the answer holds no value
};

/// GetSecretValue of the KMS OpenAPI, signed with an access key or an STS triple (KMS protocol 1).
class OpenApi final : public alicloud::SecretProtocol {
 public:
  OpenApi(CallTools const& tools, sdk::FetchRequest const& request)
      : tools_(tools), request_(request) {}

  sdk::Result<bool> login(bool anew) override;
  [[nodiscard]] char const* loginName() const noexcept override { return "credential"; }
  sdk::Result<alicloud::SignedRead> sign(sdk::WallTime date) override;
  sdk::Result<alicloud::SecretValueReply> accept(sdk::HttpResponse const& response) override;
  alicloud::Refusal refuse(sdk::HttpResponse const& response) override;

 private:
  CallTools const& tools_;
  sdk::FetchRequest const& request_;
  alicloud::CredentialPtr credential_{};
  alicloud::SignedRequest sent_{};
};

/// One fetch(), or with `tools.dryRun` one look whether it would succeed.
[[nodiscard]] sdk::Result<sdk::FetchedSecret> readSecret(CallTools const& tools,
                                                         sdk::FetchRequest const& request);

}  // namespace kms_secretd::kms_endpoint

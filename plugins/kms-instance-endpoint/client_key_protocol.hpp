// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

#include <kms-secretd/backend.hpp>
#include <kms-secretd/transport.hpp>

#include "alicloud/secret_read.hpp"
#include "kms-instance-endpoint/client_key_provider.hpp"
#include "kms-instance-endpoint/signing.hpp"
#include "kms-instance-endpoint/transports.hpp"

namespace kms_secretd::kms_instance_endpoint {

/// What every call of one backend works with; all outlive the call.
struct CallTools {
  ClientKeyProvider& keys;
  Transports& transports;
  alicloud::ReadTools read;
};

/// GetSecretValue of an instance's own gateway, signed with a client key (KMS protocol 5).
class ClientKeyProtocol final : public alicloud::SecretProtocol {
 public:
  /// Throws std::bad_alloc.
  ClientKeyProtocol(CallTools const& tools, sdk::FetchRequest const& request);

  sdk::Result<bool> login(bool anew) override;
  [[nodiscard]] char const* loginName() const noexcept override { return "client key"; }
  sdk::Result<alicloud::SignedRead> sign(sdk::WallTime date) override;
  sdk::Result<alicloud::SecretValueReply> accept(sdk::HttpResponse const& response) override;
  alicloud::Refusal refuse(sdk::HttpResponse const& response) override;

 private:
  CallTools const& tools_;
  std::string body_;
  ClientKeyPtr key_{};
  std::shared_ptr<sdk::Transport> transport_{};  // shared: another thread may change its key
  SignedCall sent_{};
  sdk::WallTime date_{};
};

}  // namespace kms_secretd::kms_instance_endpoint

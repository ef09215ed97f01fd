// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include <kms-secretd/host.hpp>

#include "alicloud/credential_source.hpp"
#include "alicloud/endpoint.hpp"

namespace kms_secretd::alicloud {

/// How the ECS metadata service is asked.
struct MetadataSettings {
  Endpoint endpoint{.host = "100.100.100.200", .port = 80};
  std::string roleName{};  ///< empty = the service is asked for it
  bool allowV1 = false;    ///< go on without a token where the service gives none
};

/// The role of the ECS instance that this host is (KMS protocol 4.2): a token first, then the
/// role's name, then its credential. Plain HTTP, never through a proxy, a second for each request,
/// so that a host which is not on ECS fails at once.
class MetadataSource final : public CredentialSource {
 public:
  /// `host` outlives the source. Throws sdk::OptionError("auth.metadata_endpoint") if the host
  /// refuses the transport: plain HTTP goes to loopback and to 100.100.100.200 only.
  MetadataSource(MetadataSettings settings, sdk::Host& host);
  sdk::Result<CredentialPtr> issue(CredentialRequest const& request) override;

 private:
  using Reply = sdk::Result<sdk::HttpResponse>;

  Reply send(std::string method, std::string target, CredentialRequest const& limits,
             std::string_view token) const;
  sdk::Result<sdk::SecretBytes> token(CredentialRequest const& limits) const;
  sdk::Result<std::string> roleName(CredentialRequest const& limits, std::string_view token) const;

  MetadataSettings settings_;
  sdk::Clock const& clock_;
  std::unique_ptr<sdk::Transport> transport_;
};

}  // namespace kms_secretd::alicloud

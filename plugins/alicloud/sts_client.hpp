// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include <kms-secretd/host.hpp>

#include "alicloud/clock_offset.hpp"
#include "alicloud/credential_provider.hpp"
#include "alicloud/endpoint.hpp"
#include "alicloud/rpc_error.hpp"
#include "alicloud/v3_signing.hpp"

namespace kms_secretd::alicloud {

/// Which STS, and how it is reached.
struct StsSettings {
  Endpoint endpoint{};
  std::string rootsPem{};  ///< empty = the system's
  std::string proxy{};     ///< "http://host:port"; empty = none
};

/// The session that is asked for.
struct RoleSession {
  std::string roleArn{};
  std::string name{};  ///< RoleSessionName
  sdk::Milliseconds duration{};
  std::string policy{};      ///< JSON that narrows the session; empty = none
  std::string externalId{};  ///< only AssumeRole knows it; empty = none
};

/// Who a credential belongs to, as STS says.
struct CallerIdentity {
  std::string arn{};
  std::string type{};  ///< "RAMUser", "AssumedRoleUser", "Account"
  std::string account{};
};

/// STS OpenAPI 2015-04-01. Every call is one request, repeated at once at most once for a corrected
/// clock and once for a used nonce. Failures have the kinds that CredentialProvider allows; `code`
/// is the service's, the message names the call, the service's answer and the remedy, and holds no
/// secret. Any number of threads.
class StsClient {
 public:
  /// `host` outlives the client. Throws sdk::OptionError("auth.sts.ca_file") if the host refuses
  /// the transport.
  StsClient(StsSettings settings, sdk::Host& host);

  /// AssumeRole, signed with the caller's credential (KMS protocol 4.3).
  [[nodiscard]] sdk::Result<CredentialPtr> assumeRole(RoleSession const& session,
                                                      Credential const& caller,
                                                      CredentialRequest const& limits);
  /// AssumeRoleWithOIDC, not signed (KMS protocol 4.4). The token travels in the body.
  [[nodiscard]] sdk::Result<CredentialPtr> assumeRoleWithOidc(RoleSession const& session,
                                                              std::string const& providerArn,
                                                              sdk::SecretBytes const& token,
                                                              CredentialRequest const& limits);
  /// GetCallerIdentity.
  [[nodiscard]] sdk::Result<CallerIdentity> callerIdentity(Credential const& caller,
                                                           CredentialRequest const& limits);
  /// The bare host name, for messages.
  [[nodiscard]] std::string const& host() const noexcept { return settings_.endpoint.host; }
  /// The service's clock minus this host's, as the last answer showed it.
  [[nodiscard]] sdk::Milliseconds clockOffset() const noexcept {
    return sdk::Milliseconds(offset_.load());
  }

 private:
  using Reply = sdk::Result<sdk::HttpResponse>;

  Reply signedCall(RpcRequest const& request, Credential const& caller,
                   CredentialRequest const& limits);
  Reply send(sdk::HttpRequest request, std::string const& action, CredentialRequest const& limits);
  sdk::Result<CredentialPtr> issued(Reply reply, std::string const& action) const;
  [[nodiscard]] RpcRequest rpc(std::string action, std::vector<Parameter> query) const;

  StsSettings settings_;
  sdk::Clock const& clock_;
  std::string userAgent_;
  std::unique_ptr<sdk::Transport> transport_;
  ClockOffset clockOffset_;
  std::atomic<std::int64_t> offset_{0};  ///< milliseconds
};

}  // namespace kms_secretd::alicloud

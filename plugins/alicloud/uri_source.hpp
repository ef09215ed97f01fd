// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include <kms-secretd/host.hpp>

#include "alicloud/credential_source.hpp"
#include "alicloud/endpoint.hpp"

namespace kms_secretd::alicloud {

/// A credentials URI taken apart.
struct CredentialsUri {
  Endpoint endpoint{};
  bool plainHttp = false;
  std::string target{};  ///< path and query
};

/// Reads `http://host[:port]/path` or `https://...` without user or fragment; nothing otherwise.
[[nodiscard]] std::optional<CredentialsUri> parseCredentialsUri(std::string_view text);

/// A service of the operator's own that hands out STS triples (KMS protocol 4.6). Never through a
/// proxy.
class UriSource final : public CredentialSource {
 public:
  /// `rootsPem` as in TransportSpec; `host` outlives the source. Throws
  /// sdk::OptionError("auth.uri") if the host refuses the transport: plain HTTP goes to loopback
  /// and to 100.100.100.200 only.
  UriSource(CredentialsUri uri, std::string rootsPem, sdk::Host& host);
  sdk::Result<CredentialPtr> issue(CredentialRequest const& request) override;

 private:
  CredentialsUri uri_;
  sdk::Clock const& clock_;
  std::unique_ptr<sdk::Transport> transport_;
};

}  // namespace kms_secretd::alicloud

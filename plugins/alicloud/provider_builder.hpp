// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <string>

#include <kms-secretd/host.hpp>

#include "alicloud/credential_provider.hpp"
#include "alicloud/metadata_source.hpp"
#include "alicloud/notice.hpp"
#include "alicloud/oidc_token.hpp"
#include "alicloud/profile_file.hpp"
#include "alicloud/static_provider.hpp"
#include "alicloud/sts_client.hpp"
#include "alicloud/sts_endpoint.hpp"
#include "alicloud/uri_source.hpp"

namespace kms_secretd::alicloud {

/// Which STS a store calls.
struct StsChoice {
  std::optional<Endpoint> endpoint{};  ///< wins over the region
  std::string region{};
  StsNetwork network = StsNetwork::vpc;
  std::string rootsPem{};  ///< empty = the system's
  std::string proxy{};
};

/// Puts providers together; the `auth` table, profiles and the environment all end here. The host
/// outlives everything that is built. Methods throw sdk::OptionError where the host refuses what
/// they need. Any thread.
class ProviderBuilder {
 public:
  /// `metadata` is how the metadata service is reached, whoever asks it.
  ProviderBuilder(sdk::Host& host, StsChoice sts, MetadataSettings metadata, Notice notice)
      : host_(host),
        sts_(std::move(sts)),
        metadata_(std::move(metadata)),
        notice_(std::move(notice)) {}

  using Built = std::unique_ptr<CredentialProvider>;

  [[nodiscard]] Built fromSources(StaticSources sources) const;
  [[nodiscard]] Built fixed(CredentialPtr credential) const;
  [[nodiscard]] Built instanceRole(std::string roleName) const;
  [[nodiscard]] Built oidc(RoleSession session, std::string providerArn,
                           std::unique_ptr<OidcToken> token) const;
  [[nodiscard]] Built fromUri(CredentialsUri uri, std::string rootsPem) const;
  [[nodiscard]] Built role(RoleSession session, Built base) const;
  /// What a profile asks for.
  [[nodiscard]] Built fromProfile(ProfileLogin const& login) const;

  /// The STS of the store; null where neither region nor endpoint is known.
  [[nodiscard]] std::shared_ptr<StsClient> findSts() const;
  [[nodiscard]] sdk::Host& host() const noexcept { return host_; }
  [[nodiscard]] Notice const& notice() const noexcept { return notice_; }

 private:
  [[nodiscard]] std::shared_ptr<StsClient> needSts() const;
  [[nodiscard]] Built fresh(std::unique_ptr<CredentialSource> source) const;
  [[nodiscard]] Built startOf(ProfileLogin const& login) const;

  sdk::Host& host_;
  StsChoice sts_;
  MetadataSettings metadata_;
  Notice notice_;
};

}  // namespace kms_secretd::alicloud

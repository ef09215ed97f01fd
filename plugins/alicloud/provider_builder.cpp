// SPDX-License-Identifier: Apache-2.0
#include "alicloud/provider_builder.hpp"

#include <utility>

#include <kms-secretd/plugin.hpp>

#include "alicloud/oidc_source.hpp"
#include "alicloud/refreshing_provider.hpp"
#include "alicloud/role_source.hpp"

namespace kms_secretd::alicloud {
namespace {

class FixedProvider final : public CredentialProvider {
 public:
  explicit FixedProvider(CredentialPtr credential) : credential_(std::move(credential)) {}
  sdk::Result<CredentialPtr> get(CredentialRequest const& /*request*/) noexcept override {
    return credential_;
  }

 private:
  CredentialPtr credential_;
};

}  // namespace

std::shared_ptr<StsClient> ProviderBuilder::findSts() const {
  auto endpoint = sts_.endpoint;
  if (!endpoint && !sts_.region.empty()) {
    endpoint = stsEndpoint(sts_.region, sts_.network);
    if (!endpoint) {
      throw sdk::OptionError("auth.sts.network", "STS of region " + sts_.region +
                                                     " answers inside its VPCs only; set "
                                                     "auth.sts.network = \"vpc\"");
    }
  }
  if (!endpoint) return nullptr;
  return std::make_shared<StsClient>(
      StsSettings{.endpoint = *endpoint, .rootsPem = sts_.rootsPem, .proxy = sts_.proxy}, host_);
}

std::shared_ptr<StsClient> ProviderBuilder::needSts() const {
  auto sts = findSts();
  if (sts) return sts;
  throw sdk::OptionError("auth.sts",
                         "a role needs STS: give region (of the store or in auth.sts), or "
                         "auth.sts.endpoint");
}

ProviderBuilder::Built ProviderBuilder::fresh(std::unique_ptr<CredentialSource> source) const {
  return std::make_unique<RefreshingProvider>(std::move(source), host_.clock(), notice_);
}

ProviderBuilder::Built ProviderBuilder::fromSources(StaticSources sources) const {
  return std::make_unique<StaticProvider>(std::move(sources), notice_);
}

ProviderBuilder::Built ProviderBuilder::fixed(CredentialPtr credential) const {
  return std::make_unique<FixedProvider>(std::move(credential));
}

ProviderBuilder::Built ProviderBuilder::instanceRole(std::string roleName) const {
  auto settings = metadata_;
  settings.roleName = std::move(roleName);
  return fresh(std::make_unique<MetadataSource>(std::move(settings), host_));
}

ProviderBuilder::Built ProviderBuilder::oidc(RoleSession session, std::string providerArn,
                                             std::unique_ptr<OidcToken> token) const {
  return fresh(std::make_unique<OidcSource>(needSts(), std::move(session), std::move(providerArn),
                                            std::move(token)));
}

ProviderBuilder::Built ProviderBuilder::fromUri(CredentialsUri uri, std::string rootsPem) const {
  return fresh(std::make_unique<UriSource>(std::move(uri), std::move(rootsPem), host_));
}

ProviderBuilder::Built ProviderBuilder::role(RoleSession session, Built base) const {
  return fresh(std::make_unique<RoleSource>(needSts(), std::move(session), std::move(base)));
}

ProviderBuilder::Built ProviderBuilder::startOf(ProfileLogin const& login) const {
  switch (login.kind) {
    case ProfileLogin::Kind::keys:
      return fixed(login.keys);
    case ProfileLogin::Kind::ecs_role:
      return instanceRole(login.roleName);
    case ProfileLogin::Kind::oidc: {
      auto source = host_.openSecretSource({.value = login.tokenFile});
      if (!source) throw sdk::OptionError("auth", source.failure().message);
      return oidc(login.session, login.providerArn, makeOidcToken(std::move(source).value()));
    }
    case ProfileLogin::Kind::uri:
      break;
  }
  auto uri = parseCredentialsUri(login.uri);
  if (!uri) throw sdk::OptionError("auth", "the credentials URI is not like http://127.0.0.1/path");
  return fromUri(std::move(*uri), {});
}

ProviderBuilder::Built ProviderBuilder::fromProfile(ProfileLogin const& login) const {
  auto builder = *this;
  if (!login.stsRegion.empty()) {
    builder.sts_.region = login.stsRegion;
    builder.sts_.network = login.stsVpc ? StsNetwork::vpc : StsNetwork::internet;
  }
  auto built = builder.startOf(login);
  for (auto const& session : login.roles) built = builder.role(session, std::move(built));
  return built;
}

}  // namespace kms_secretd::alicloud

// SPDX-License-Identifier: Apache-2.0
#include "alicloud/auth.hpp"

#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include <kms-secretd/plugin.hpp>

#include "alicloud/auth_checks.hpp"
#include "alicloud/auth_identity.hpp"
#include "alicloud/auth_values.hpp"
#include "alicloud/chain_provider.hpp"
#include "alicloud/environment_provider.hpp"
#include "alicloud/guarded.hpp"
#include "alicloud/profile_provider.hpp"
#include "alicloud/provider_builder.hpp"
#include "alicloud/store_options.hpp"

namespace kms_secretd::alicloud {
namespace {

using Built = ProviderBuilder::Built;

// Says in each failure which way of authentication it comes from, and tells the host of each new
// credential whose it is.
class NamedProvider final : public CredentialProvider {
 public:
  NamedProvider(sdk::Options const& auth, Built provider, sdk::Host& host)
      : type_(auth.text("type")),
        who_(describeAuth(auth)),
        provider_(std::move(provider)),
        host_(host) {}
  sdk::Result<CredentialPtr> get(CredentialRequest const& request) noexcept override {
    return sdk::guarded([&]() -> sdk::Result<CredentialPtr> {
      auto credential = provider_->get(request);
      if (!credential) {
        credential.failure().message.insert(0, "auth by " + type_ + ": ");
      } else {
        tell(credential.value()->accessKeyId());
      }
      return credential;
    });
  }
  bool lookAhead() noexcept override { return provider_->lookAhead(); }

 private:
  void tell(std::string const& id) {
    bool const isNew = told_.with([&](std::string& told) {
      if (told == id) return false;
      told = id;
      return true;
    });
    if (isNew) host_.identityKnown(who_ + ", access key id " + shortId(id));
  }

  std::string type_;
  std::string who_;
  Built provider_;
  sdk::Host& host_;
  Guarded<std::string> told_{};
};

// Reads one `auth` table at its path; tables within it are further readers.
class AuthReader {
 public:
  AuthReader(sdk::Options const& auth, std::string path, StsChoice sts, sdk::Host& host)
      : auth_(auth), path_(std::move(path)), sts_(std::move(sts)), host_(host) {}

  [[nodiscard]] Built read() const {
    checkAuth(auth_, path_);
    auto provider = own();
    if (!auth_.has("remote_role")) return provider;
    return builder().role(sessionOf(auth_, path_, true), std::move(provider));
  }

  [[nodiscard]] ProviderBuilder builder() const {
    auto* const host = &host_;
    return {host_, sts_, metadata(), [host](std::string const& text) { host->notice(text); }};
  }

 private:
  [[nodiscard]] Built own() const {
    auto const type = auth_.text("type");
    if (type == "access_key" || type == "sts") return keys();
    if (type == "ecs_ram_role") return instanceRole();
    if (type == "ram_role") return role();
    if (type == "oidc") return oidc();
    if (type == "credentials_uri") return uri();
    if (type == "profile") return profile();
    if (type == "environment") {
      return std::make_unique<EnvironmentProvider>(builder(), sessionDefaults(auth_));
    }
    return chain();
  }

  [[nodiscard]] std::string at(std::string const& option) const { return path_ + '.' + option; }
  [[noreturn]] void refuse(std::string const& option, std::string const& what) const {
    throw sdk::OptionError(at(option), at(option) + ' ' + what);
  }

  [[nodiscard]] std::unique_ptr<sdk::SecretSource> open(std::string const& option) const {
    auto source = host_.openSecretSource(auth_.secret(option));
    if (!source) throw sdk::OptionError(at(option), source.failure().message);
    return std::move(source).value();
  }

  [[nodiscard]] MetadataSettings metadata() const {
    MetadataSettings settings{.allowV1 = auth_.boolean("allow_metadata_v1")};
    if (!auth_.has("metadata_endpoint")) return settings;
    auto const text = auth_.text("metadata_endpoint");
    auto endpoint = parseHostAndPort(text);
    if (!endpoint) refuse("metadata_endpoint", "is not like 100.100.100.200 or 127.0.0.1:8080");
    settings.endpoint = std::move(*endpoint);
    if (text.find(':') == std::string::npos) settings.endpoint.port = 80;
    return settings;
  }

  [[nodiscard]] Built keys() const {
    StaticSources sources{.id = open("id"), .secret = open("secret"), .path = path_};
    if (auth_.has("token")) sources.token = open("token");
    return builder().fromSources(std::move(sources));
  }

  [[nodiscard]] Built instanceRole() const {
    auto name = auth_.text("role_name");
    if (auth_.has("role_name") && !isRoleName(name))
      refuse("role_name", "is no name of a RAM role");
    return builder().instanceRole(std::move(name));
  }

  [[nodiscard]] Built role() const {
    auto session = sessionOf(auth_, path_, false);
    auto const base = auth_.table("base");
    return builder().role(std::move(session), AuthReader(base, at("base"), sts_, host_).read());
  }

  [[nodiscard]] Built oidc() const {
    return builder().oidc(sessionOf(auth_, path_, false), auth_.text("provider_arn"), oidcToken());
  }

  [[nodiscard]] std::unique_ptr<OidcToken> oidcToken() const {
    if (auth_.has("token")) return makeOidcToken(open("token"));
    auto const text = auth_.text("service_account");
    auto const slash = text.find('/');
    bool const whole = slash != std::string::npos && slash != 0 && slash + 1 < text.size() &&
                       text.find('/', slash + 1) == std::string::npos;
    if (!whole) refuse("service_account", "is not <namespace>/<name>");
    return makeOidcToken({.namespaceName = text.substr(0, slash),
                          .name = text.substr(slash + 1),
                          .audience = auth_.has("audience") ? auth_.text("audience")
                                                            : std::string("sts.aliyuncs.com")},
                         host_);
  }

  [[nodiscard]] Built uri() const {
    auto parsed = parseCredentialsUri(auth_.text("uri"));
    if (!parsed) refuse("uri", "is not like http://127.0.0.1:8080/path or https://host/path");
    auto roots = readCaFile(auth_.text("uri_ca_file"), at("uri_ca_file"));
    return builder().fromUri(std::move(*parsed), std::move(roots));
  }

  [[nodiscard]] Built profile() const {
    return std::make_unique<ProfileProvider>(builder(), open("file"), auth_.text("profile"),
                                             sessionDefaults(auth_));
  }

  [[nodiscard]] Built chain() const {
    std::vector<ChainProvider::Member> members;
    auto const tables = auth_.tables("members");
    if (tables.empty()) refuse("members", "is empty; name who to be");
    for (auto const& table : tables) {
      auto path = at("members") + '[' + std::to_string(members.size()) + ']';
      members.push_back({.type = table.text("type"),
                         .provider = AuthReader(table, std::move(path), sts_, host_).read()});
    }
    return std::make_unique<ChainProvider>(std::move(members));
  }

  sdk::Options const& auth_;
  std::string path_;
  StsChoice sts_;
  sdk::Host& host_;
};

std::optional<Endpoint> stsEndpointIn(sdk::Options const& sts) {
  if (!sts.has("endpoint")) return std::nullopt;
  auto endpoint = parseHostAndPort(sts.text("endpoint"));
  if (!endpoint) {
    throw sdk::OptionError("auth.sts.endpoint",
                           "auth.sts.endpoint is not a bare lower-case host name");
  }
  bool const vendors = endpoint->port == 443 && isStsHost(endpoint->host);
  if (!vendors && !sts.boolean("custom_endpoint")) {
    throw sdk::OptionError("auth.sts.endpoint",
                           "auth.sts.endpoint is none of sts.aliyuncs.com, "
                           "sts.<region>.aliyuncs.com and sts-vpc.<region>.aliyuncs.com; correct "
                           "it, or set auth.sts.custom_endpoint = true if it is meant");
  }
  return endpoint;
}

StsChoice stsChoice(sdk::Options const& auth, AuthSurroundings const& surroundings) {
  StsChoice choice{.region = surroundings.region, .proxy = surroundings.proxy};
  if (!auth.has("sts")) return choice;
  auto const sts = auth.table("sts");
  choice.endpoint = stsEndpointIn(sts);
  if (sts.has("region")) choice.region = sts.text("region");
  if (!choice.region.empty() && !isRegion(choice.region)) {
    throw sdk::OptionError("auth.sts.region", "auth.sts.region is not like \"cn-hangzhou\"");
  }
  if (sts.text("network") == "internet") choice.network = StsNetwork::internet;
  choice.rootsPem = readCaFile(sts.text("ca_file"), "auth.sts.ca_file");
  return choice;
}

}  // namespace

Auth makeAuth(sdk::Options const& auth, AuthSurroundings const& surroundings, sdk::Host& host) {
  AuthReader const reader(auth, "auth", stsChoice(auth, surroundings), host);
  auto provider = reader.read();
  return {.provider = std::make_unique<NamedProvider>(auth, std::move(provider), host),
          .makeSts = [builder = reader.builder()] { return builder.findSts(); }};
}

}  // namespace kms_secretd::alicloud

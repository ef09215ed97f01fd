// SPDX-License-Identifier: Apache-2.0
#include "alicloud/environment_login.hpp"

#include <initializer_list>
#include <string>
#include <utility>
#include <vector>

#include "alicloud/auth_values.hpp"
#include "alicloud/credential_reply.hpp"

namespace kms_secretd::alicloud {
namespace {

using Kind = ProfileLogin::Kind;
using Names = std::initializer_list<char const*>;

constexpr Names idNames{"ALIBABA_CLOUD_ACCESS_KEY_ID", "ALIBABACLOUD_ACCESS_KEY_ID",
                        "ALICLOUD_ACCESS_KEY_ID", "ALICLOUD_ACCESS_KEY", "ACCESS_KEY_ID"};
constexpr Names secretNames{"ALIBABA_CLOUD_ACCESS_KEY_SECRET", "ALIBABACLOUD_ACCESS_KEY_SECRET",
                            "ALICLOUD_ACCESS_KEY_SECRET", "ALICLOUD_SECRET_KEY",
                            "SECRET_ACCESS_KEY"};
constexpr Names tokenNames{"ALIBABA_CLOUD_SECURITY_TOKEN", "ALIBABACLOUD_SECURITY_TOKEN",
                           "ALICLOUD_SECURITY_TOKEN", "ALICLOUD_ACCESS_KEY_STS_TOKEN"};
constexpr Names roleNames{"ALIBABA_CLOUD_ROLE_ARN", "ALICLOUD_ROLE_ARN"};
constexpr Names sessionNames{"ALIBABA_CLOUD_ROLE_SESSION_NAME", "ALICLOUD_ROLE_SESSION_NAME"};
constexpr Names externalNames{"ALIBABA_CLOUD_EXTERNAL_ID"};
constexpr Names providerNames{"ALIBABA_CLOUD_OIDC_PROVIDER_ARN", "ALICLOUD_OIDC_PROVIDER_ARN"};
constexpr Names tokenFileNames{"ALIBABA_CLOUD_OIDC_TOKEN_FILE", "ALICLOUD_OIDC_TOKEN_FILE"};
constexpr Names ecsNames{"ALIBABA_CLOUD_ECS_METADATA"};
constexpr Names uriNames{"ALIBABA_CLOUD_CREDENTIALS_URI"};
constexpr Names remoteNames{"ALICLOUD_REMOTE_ROLE_ARN"};
constexpr Names remoteSessionNames{"ALICLOUD_REMOTE_ROLE_SESSION_NAME"};

sdk::Failure unusable(std::string what) {
  return {.kind = sdk::FailureKind::unauthenticated,
          .message = "the environment " + std::move(what)};
}

class Environment {
 public:
  explicit Environment(sdk::Host& host) : host_(host) {}

  // The first of the names that is set; empty if none is.
  [[nodiscard]] sdk::SecretBytes find(Names names) const {
    for (auto const* name : names) {
      auto source =
          host_.openSecretSource({.kind = sdk::SecretRef::Kind::environment, .value = name});
      if (!source) continue;
      auto reading = source.value()->read();
      if (reading && !reading.value().bytes.empty()) return std::move(reading.value().bytes);
    }
    return {};
  }
  [[nodiscard]] std::string text(Names names) const { return std::string(find(names).reveal()); }

 private:
  sdk::Host& host_;
};

std::string nameOf(Names names) { return *names.begin(); }

// Who the environment says we are, before roles.
std::vector<std::string> identitiesIn(Environment const& environment) {
  std::vector<std::string> found;
  for (auto const& names : {idNames, providerNames, ecsNames, uriNames}) {
    if (!environment.find(names).empty()) found.push_back(nameOf(names));
  }
  return found;
}

RoleSession sessionOf(Environment const& environment, RoleSession const& defaults, Names name) {
  auto session = defaults;
  if (auto given = environment.text(name); !given.empty()) session.name = std::move(given);
  return session;
}

sdk::Result<ProfileLogin> readKeys(Environment const& environment) {
  auto const id = environment.text(idNames);
  auto secret = environment.find(secretNames);
  auto token = environment.find(tokenNames);
  if (secret.empty()) {
    return unusable("holds " + nameOf(idNames) + " (or an older name of it) but not " +
                    nameOf(secretNames) + "; set both in the unit and restart the daemon");
  }
  for (auto const text : {std::string_view(id), secret.reveal(), token.reveal()}) {
    auto const* fault = text.empty() ? nullptr : faultOfPart(text);
    if (fault != nullptr)
      return unusable(std::string("holds an access key of which a part ") + fault);
  }
  return ProfileLogin{
      .kind = Kind::keys,
      .keys = std::make_shared<Credential const>(id, std::move(secret), std::move(token))};
}

sdk::Result<ProfileLogin> readOidc(Environment const& environment, RoleSession const& defaults) {
  ProfileLogin login{.kind = Kind::oidc,
                     .providerArn = environment.text(providerNames),
                     .tokenFile = environment.text(tokenFileNames),
                     .session = sessionOf(environment, defaults, sessionNames)};
  login.session.roleArn = environment.text(roleNames);
  for (auto const& [value, names] : {std::pair{&login.tokenFile, tokenFileNames},
                                     std::pair{&login.session.roleArn, roleNames}}) {
    if (!value->empty()) continue;
    return unusable("holds " + nameOf(providerNames) + " but not " + nameOf(names) +
                    "; set both in the unit and restart the daemon");
  }
  return login;
}

sdk::Result<ProfileLogin> readOne(Environment const& environment, std::string const& identity,
                                  RoleSession const& defaults) {
  if (identity == nameOf(idNames)) return readKeys(environment);
  if (identity == nameOf(providerNames)) return readOidc(environment, defaults);
  if (identity == nameOf(ecsNames)) {
    return ProfileLogin{.kind = Kind::ecs_role, .roleName = environment.text(ecsNames)};
  }
  return ProfileLogin{.kind = Kind::uri, .uri = environment.text(uriNames)};
}

void addRole(ProfileLogin& login, RoleSession session, std::string roleArn) {
  if (roleArn.empty()) return;
  session.roleArn = std::move(roleArn);
  login.roles.push_back(std::move(session));
}

}  // namespace

sdk::Result<ProfileLogin> readEnvironment(sdk::Host& host, RoleSession const& defaults) {
  Environment const environment(host);
  auto const identities = identitiesIn(environment);
  if (identities.empty()) {
    return unusable("names no identity: none of " + nameOf(idNames) + ", " + nameOf(providerNames) +
                    ", " + nameOf(ecsNames) + " and " + nameOf(uriNames) +
                    " is set; set one in the unit and restart the daemon");
  }
  if (identities.size() > 1) {
    return unusable("names two identities, by " + identities[0] + " and " + identities[1] +
                    " (or older names of them); leave one");
  }
  auto login = readOne(environment, identities[0], defaults);
  if (!login) return login;
  if (login.value().kind != Kind::oidc) {
    auto session = sessionOf(environment, defaults, sessionNames);
    session.externalId = environment.text(externalNames);
    addRole(login.value(), std::move(session), environment.text(roleNames));
  }
  addRole(login.value(), sessionOf(environment, defaults, remoteSessionNames),
          environment.text(remoteNames));
  if (login.value().kind == Kind::oidc) {
    if (auto const fault = faultOf(login.value().session))
      return unusable("is unusable: " + fault->what);
  }
  for (auto const& role : login.value().roles) {
    if (auto const fault = faultOf(role)) return unusable("is unusable: " + fault->what);
  }
  return login;
}

}  // namespace kms_secretd::alicloud

// SPDX-License-Identifier: Apache-2.0
#include "alicloud/auth_checks.hpp"

#include <algorithm>
#include <chrono>
#include <iterator>
#include <string_view>
#include <vector>

#include <kms-secretd/plugin.hpp>

#include "alicloud/auth_options.hpp"
#include "alicloud/auth_values.hpp"

namespace kms_secretd::alicloud {
namespace {

using Names = std::vector<std::string_view>;

struct Rule {
  std::string_view type;
  Names needed;
  Names allowed;
  bool hasSession;  // the type itself assumes a role
};

Rule const& ruleOf(std::string_view type) {
  static std::vector<Rule> const rules{
      {"access_key", {"id", "secret"}, {}, false},
      {"sts", {"id", "secret", "token"}, {}, false},
      {"ecs_ram_role", {}, {"role_name", "allow_metadata_v1", "metadata_endpoint"}, false},
      {"ram_role", {"role_arn", "base"}, {}, true},
      {"oidc", {"role_arn", "provider_arn"}, {"token", "service_account", "audience"}, true},
      {"credentials_uri", {"uri"}, {"uri_ca_file"}, false},
      {"profile", {"file"}, {"profile", "allow_metadata_v1", "metadata_endpoint"}, false},
      {"environment", {}, {"allow_metadata_v1", "metadata_endpoint"}, false},
      {"chain", {"members"}, {}, false}};
  auto const at = std::ranges::find(rules, type, &Rule::type);
  if (at != rules.end()) return *at;
  throw sdk::OptionError("auth.type", "auth.type is unknown; no identity is assumed");
}

constexpr std::string_view sessionOptions[] = {"external_id", "policy", "session_duration",
                                               "session_name"};

bool has(Names const& names, std::string_view name) {
  return std::ranges::find(names, name) != names.end();
}

[[noreturn]] void refuse(std::string const& path, std::string_view option,
                         std::string const& what) {
  auto const full = path + '.' + std::string(option);
  throw sdk::OptionError(full, full + ' ' + what);
}

void checkForeign(sdk::Options const& auth, std::string const& path, Rule const& rule) {
  Names const everywhere{"type", "remote_role", "sts"};
  for (auto const& declared : authMembers) {
    std::string_view const name = declared.name;
    bool const session = std::ranges::find(sessionOptions, name) != std::end(sessionOptions);
    if (!auth.has(name) || session || has(everywhere, name) || has(rule.needed, name) ||
        has(rule.allowed, name)) {
      continue;
    }
    refuse(path, name,
           "does not belong to auth.type = \"" + std::string(rule.type) +
               "\"; remove it or change the type");
  }
}

void checkSession(sdk::Options const& auth, std::string const& path, Rule const& rule) {
  bool const remote = auth.has("remote_role");
  for (auto const name : sessionOptions) {
    if (!auth.has(name) || remote || rule.hasSession) continue;
    refuse(path, name, "needs a role: set remote_role, or remove it");
  }
  if (rule.type == "oidc" && auth.has("external_id") && !remote) {
    refuse(path, "external_id", "is not known to AssumeRoleWithOIDC; remove it");
  }
}

void checkOidc(sdk::Options const& auth, std::string const& path) {
  bool const both = auth.has("token") && auth.has("service_account");
  if (both) refuse(path, "token", "excludes service_account; leave one");
  if (!auth.has("token") && !auth.has("service_account")) {
    refuse(path, "token", "is missing: give token, or service_account to ask the API server");
  }
  if (auth.has("audience") && !auth.has("service_account")) {
    refuse(path, "audience", "belongs to service_account; a token already has its audience");
  }
  if (!isProviderArn(auth.text("provider_arn"))) {
    refuse(path, "provider_arn", "is not like acs:ram::1234567890123456:oidc-provider/name");
  }
}

}  // namespace

void checkAuth(sdk::Options const& auth, std::string const& path) {
  if (!auth.has("type")) refuse(path, "type", "is missing; no identity is assumed");
  auto const& rule = ruleOf(auth.text("type"));
  for (auto const name : rule.needed) {
    if (auth.has(name)) continue;
    refuse(path, name, "is missing; auth.type = \"" + std::string(rule.type) + "\" needs it");
  }
  checkForeign(auth, path, rule);
  checkSession(auth, path, rule);
  if (rule.type == "oidc") checkOidc(auth, path);
}

RoleSession sessionDefaults(sdk::Options const& auth) {
  RoleSession session{.name = "kms-secretd", .duration = std::chrono::hours(1)};
  if (auth.has("session_name")) session.name = auth.text("session_name");
  if (auth.has("session_duration")) session.duration = auth.duration("session_duration");
  return session;
}

RoleSession sessionOf(sdk::Options const& auth, std::string const& path, bool isRemote) {
  auto session = sessionDefaults(auth);
  session.roleArn = auth.text(isRemote ? "remote_role" : "role_arn");
  if (isRemote || !auth.has("remote_role")) {
    session.policy = auth.text("policy");
    session.externalId = auth.text("external_id");
  }
  auto const fault = faultOf(session);
  if (!fault) return session;
  bool const role = std::string_view(fault->option) == "role_arn";
  auto const option = path + '.' + (role && isRemote ? "remote_role" : fault->option);
  throw sdk::OptionError(option, option + ": " + fault->what);
}

}  // namespace kms_secretd::alicloud

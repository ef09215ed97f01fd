// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>

#include <kms-secretd/options.hpp>

// What the `auth` table of every Alibaba backend may hold. No option has a default in its
// declaration, so that one which does not belong to the type is seen and refused.

namespace kms_secretd::alicloud {

inline constexpr char const* authTypes[] = {
    "access_key",      "sts",     "ecs_ram_role", "ram_role", "oidc",
    "credentials_uri", "profile", "environment",  "chain",    nullptr};
inline constexpr char const* stsNetworks[] = {"vpc", "internet", nullptr};

namespace detail {

constexpr sdk::OptionDeclaration option(char const* name, sdk::OptionType type, char const* help) {
  return {name, type, false, nullptr, help, nullptr, nullptr, 0};
}
template <std::size_t N>
constexpr sdk::OptionDeclaration nested(char const* name, sdk::OptionType type, char const* help,
                                        std::array<sdk::OptionDeclaration, N> const& members) {
  return {name, type, false, nullptr, help, nullptr, members.data(), N};
}
template <std::size_t N, std::size_t M>
constexpr auto joined(std::array<sdk::OptionDeclaration, N> const& some,
                      std::array<sdk::OptionDeclaration, M> const& more) {
  std::array<sdk::OptionDeclaration, N + M> all{};
  for (std::size_t i = 0; i < N; ++i) all[i] = some[i];
  for (std::size_t i = 0; i < M; ++i) all[N + i] = more[i];
  return all;
}

using enum sdk::OptionType;

inline constexpr std::array leaves{
    sdk::OptionDeclaration{"type", enumeration, true, nullptr,
                           "How the store proves who it is. There is no fallback to another "
                           "identity; each type has its own options.",
                           authTypes, nullptr, 0},
    option("id", secret, "For types access_key and sts: the access key id."),
    option("secret", secret, "For types access_key and sts: the access key secret."),
    option("token", secret,
           "For type sts: the security token; oidc: the OIDC token, renewed by others."),
    option("role_name", string,
           "For type ecs_ram_role: the role's name; without it the service is asked."),
    option("allow_metadata_v1", boolean,
           "For types ecs_ram_role, profile, environment: go on where the metadata service gives "
           "no token "
           "(default false)."),
    option(
        "metadata_endpoint", string,
        "For types ecs_ram_role, profile, environment: host:port of the metadata service (default "
        "100.100.100.200)."),
    option("role_arn", string,
           "For types ram_role and oidc: the role to assume, acs:ram::<account>:role/<name>."),
    option("provider_arn", string,
           "For type oidc: the OIDC provider in RAM, acs:ram::<account>:oidc-provider/<name>."),
    option("service_account", string,
           "For type oidc: <namespace>/<name> of the ServiceAccount whose token the API server is "
           "asked for, "
           "in place of token."),
    option("audience", string,
           "For type oidc with service_account: the token's audience (default sts.aliyuncs.com)."),
    option("uri", string, "For type credentials_uri: where STS triples are handed out."),
    option("uri_ca_file", string,
           "For type credentials_uri: PEM file with the CAs to trust for https."),
    option("file", secret,
           "For type profile: the credentials file (INI) or the CLI's config.json."),
    option("profile", string,
           "For type profile: its name; without it default, or the CLI's current one."),
    option("remote_role", string,
           "All types: one more role to assume with what the type gives, such as another "
           "account's."),
    option("external_id", string, "The external id that the last role's trust policy wants."),
    option("policy", string, "A policy (JSON) that narrows the session of the last role."),
    option("session_duration", duration, "How long role sessions last, 15m to 12h (default 1h)."),
    option("session_name", string,
           "The name of role sessions in audit logs (default kms-secretd).")};

inline constexpr std::array sts{
    option("region", string, "Region whose STS is called (default: the store's region)."),
    sdk::OptionDeclaration{
        "network", enumeration, false, nullptr,
        "With vpc sts-vpc.<region>.aliyuncs.com is called, with internet sts.<region>.aliyuncs.com "
        "(default vpc).",
        stsNetworks, nullptr, 0},
    option("endpoint", string, "Host name of STS in place of the region's."),
    option("custom_endpoint", boolean, "Accept an endpoint that is none of the vendor's names."),
    option("ca_file", string, "PEM file with the CAs to trust instead of the system's.")};

inline constexpr std::array withBase = joined(
    leaves, std::array{nested("base", table, "For type ram_role: who assumes the role.", leaves)});

}  // namespace detail

/// The members of the `auth` table.
inline constexpr std::array authMembers = detail::joined(
    detail::withBase,
    std::array{detail::nested("members", sdk::OptionType::table_list,
                              "For type chain: who to be, in order; the first that works stays.",
                              detail::withBase),
               detail::nested("sts", sdk::OptionType::table, "How STS is reached, for roles.",
                              detail::sts)});

}  // namespace kms_secretd::alicloud

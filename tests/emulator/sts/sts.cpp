// SPDX-License-Identifier: Apache-2.0
#include "emulator/sts/sts.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <string>
#include <variant>

#include <boost/json.hpp>

#include "emulator/kms/gateway.hpp"
#include "emulator/kms/service.hpp"
#include "emulator/server_clock.hpp"
#include "emulator/sign/digest.hpp"
#include "emulator/sts/sessions.hpp"

namespace kms_secretd::emulator {
namespace {

namespace json = boost::json;

constexpr std::string_view kVersion = "2015-04-01";
constexpr std::string_view kOidc = "AssumeRoleWithOIDC";
constexpr Product kSts{kVersion, [](std::string_view name) {
                         return name == "AssumeRole" || name == "GetCallerIdentity";
                       }};

using Outcome = std::variant<json::object, ApiError>;

std::string param(const Params& params, std::string_view name) {
  const std::string* value = findParam(params, name);
  return value == nullptr ? std::string{} : *value;
}

Params paramsOf(const Request& request) {
  auto params = parseParams(request.query).value_or(Params{});
  const std::string* type = request.header("content-type");
  if (type == nullptr || !type->starts_with("application/x-www-form-urlencoded")) return params;
  for (auto& each : parseParams(request.body).value_or(Params{})) params.push_back(std::move(each));
  return params;
}

// A header of V3, or a parameter.
std::string named(const Request& request, const Params& params, std::string_view header,
                  std::string_view name) {
  const std::string* value = request.header(header);
  return value != nullptr ? *value : param(params, name);
}

ApiError noPermission() {
  return gatewayError(403, "NoPermission",
                      "You are not authorized to do this action. You should be authorized by RAM.");
}

ApiError invalid(const std::string& what) {
  return gatewayError(400, "InvalidParameter." + what,
                      "The parameter " + what + " is wrongly formed.");
}

bool isSessionName(std::string_view text) {
  return text.size() >= 2 && text.size() <= 64 && std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                  std::string_view(".@_-").find(c) != std::string_view::npos;
         });
}

// What both ways of assuming a role have in common; a role that is not there is the first error.
std::variant<SessionWish, ApiError> readWish(const Params& params, const Role& role) {
  SessionWish wish{param(params, "RoleSessionName"), 3600, param(params, "Policy")};
  if (!isSessionName(wish.name)) return invalid("RoleSessionName");
  if (const std::string text = param(params, "DurationSeconds"); !text.empty()) {
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), wish.seconds);
    if (error != std::errc{} || end != text.data() + text.size() || wish.seconds < 900 ||
        wish.seconds > role.maxSeconds) {
      return invalid("DurationSeconds");
    }
  }
  if (wish.policy.size() > 2048) return invalid("PolicySize");
  if (!wish.policy.empty()) {
    boost::system::error_code error;
    const auto value = json::parse(wish.policy, error);
    if (error || !value.is_object() || !value.as_object().contains("Statement")) {
      return invalid("PolicyGrammar");
    }
  }
  return wish;
}

Outcome open(World& world, const Role& role, const Params& params) {
  const auto wish = readWish(params, role);
  if (const auto* error = std::get_if<ApiError>(&wish)) return *error;
  const AccessKey session = openSession(world, role, std::get<SessionWish>(wish));
  return json::object{{"AssumedRoleUser",
                       {{"AssumedRoleId", randomHex(8) + ':' + std::get<SessionWish>(wish).name},
                        {"Arn", session.arn}}},
                      {"Credentials", credentialsMember(session)}};
}

bool trusts(const Role& role, const AccessKey& caller) {
  return std::any_of(role.trust.begin(), role.trust.end(), [&](const Trust& trust) {
    return trust.principal == "acs:ram::" + caller.account + ":root" ||
           trust.principal == caller.arn ||
           (!caller.roleArn.empty() && trust.principal == caller.roleArn);
  });
}

AccessKey callerOf(World& world, const Admitted& admitted) {
  AccessKey caller =
      world.keyring.with([&](Keyring& keys) { return keys.find(admitted.accessKey); })
          .value_or(AccessKey{});
  if (caller.account.empty()) {
    caller.account = world.settings.with([](Settings& settings) { return settings.account; });
  }
  if (caller.arn.empty()) caller.arn = "acs:ram::" + caller.account + ":user/" + caller.id;
  return caller;
}

Outcome assumeRole(World& world, const Admitted& admitted) {
  const std::string arn = param(admitted.params, "RoleArn");
  if (!arn.starts_with("acs:ram::")) return invalid("RoleArn");
  const auto role = world.roles.with([&](RoleBook& book) { return book.role(arn); });
  if (!role) {
    return gatewayError(404, "EntityNotExist.Role", "The specified Role does not exist.");
  }
  const bool rightId =
      role->externalId.empty() || role->externalId == param(admitted.params, "ExternalId");
  if (!trusts(*role, callerOf(world, admitted)) || !rightId) return noPermission();
  return open(world, *role, admitted.params);
}

Outcome callerIdentity(World& world, const Admitted& admitted) {
  const AccessKey caller = callerOf(world, admitted);
  return json::object{{"AccountId", caller.account},
                      {"Arn", caller.arn},
                      {"IdentityType", caller.roleArn.empty() ? "RAMUser" : "AssumedRoleUser"},
                      {"PrincipalId", caller.id},
                      {"UserId", caller.id}};
}

ApiError tokenError(std::string_view what, const std::string& why) {
  return gatewayError(401, "AuthenticationFail.OIDCToken." + std::string(what), why);
}

Objection checkToken(const OidcProvider& provider, const Token& token, std::int64_t now) {
  if (token.claims.issuer != provider.issuer) {
    return tokenError("Invalid", "The issuer of the OIDC token is not the provider's.");
  }
  if (!isSignedBy(token, provider.keys)) {
    return tokenError("InvalidSignature", "The signature of the OIDC token is not valid.");
  }
  if (token.claims.expires <= now) {
    return tokenError("Expired", "The OIDC token has expired.");
  }
  const auto& ids = provider.clientIds;
  const auto& audiences = token.claims.audiences;
  const bool known = std::any_of(audiences.begin(), audiences.end(), [&](const std::string& each) {
    return std::find(ids.begin(), ids.end(), each) != ids.end();
  });
  if (known) return std::nullopt;
  return tokenError("AudienceNotMatch",
                    "The audience of the OIDC token is none of the client ids.");
}

bool trusts(const Role& role, const OidcProvider& provider, const Claims& claims) {
  return std::any_of(role.trust.begin(), role.trust.end(), [&](const Trust& trust) {
    return trust.principal == provider.arn &&
           (trust.subject.empty() || trust.subject == claims.subject);
  });
}

json::object tokenInfo(const Claims& claims) {
  return {{"Subject", claims.subject},
          {"Issuer", claims.issuer},
          {"ClientIds", claims.audiences.empty() ? "" : claims.audiences.front()},
          {"ExpirationTime", formatTimestamp(claims.expires)},
          {"IssuanceTime", formatTimestamp(claims.issued)},
          {"VerificationInfo", "Success"}};
}

Outcome assumeRoleWithOidc(World& world, const Params& params) {
  const std::string providerArn = param(params, "OIDCProviderArn");
  const std::string roleArn = param(params, "RoleArn");
  const auto provider =
      world.roles.with([&](RoleBook& book) { return book.provider(providerArn); });
  if (!provider) {
    return gatewayError(404, "EntityNotExist.OIDCProvider", "The OIDC provider does not exist.");
  }
  const auto token = parseToken(param(params, "OIDCToken"));
  if (!token) return tokenError("Invalid", "The OIDC token is not a token.");
  if (auto objection = checkToken(*provider, *token, world.clock.now())) return *objection;
  const auto role = world.roles.with([&](RoleBook& book) { return book.role(roleArn); });
  if (!role) {
    return gatewayError(404, "EntityNotExist.Role", "The specified Role does not exist.");
  }
  if (!trusts(*role, *provider, token->claims)) {
    return gatewayError(401, "AuthenticationFail.NoPermission",
                        "The trust policy of the role does not allow this OIDC token.");
  }
  auto opened = open(world, *role, params);
  if (auto* object = std::get_if<json::object>(&opened)) {
    (*object)["OIDCTokenInfo"] = tokenInfo(token->claims);
  }
  return opened;
}

Reply render(const Request& request, Exchange& exchange, Outcome outcome) {
  if (const auto* error = std::get_if<ApiError>(&outcome)) {
    exchange.outcome = error->code;
    return renderError(*error, exchange, hostIdOf(request));
  }
  exchange.outcome = "OK";
  auto& members = std::get<json::object>(outcome);
  members["RequestId"] = exchange.requestId;
  Reply reply;
  reply.body = json::serialize(members);
  reply.setHeader("Content-Type", "application/json;charset=utf-8");
  return reply;
}

Outcome admitAndAssume(World& world, const Request& request, const Params& params,
                       Exchange& exchange) {
  exchange.method = request.method;
  exchange.operation = std::string(kOidc);
  exchange.scheme = "none";
  if (auto objection =
          checkTimestamp(named(request, params, "x-acs-date", "Timestamp"), world.clock.now())) {
    return *objection;
  }
  auto outcome = assumeRoleWithOidc(world, params);
  exchange.authenticated = std::holds_alternative<json::object>(outcome);
  return outcome;
}

}  // namespace

bool isForSts(const Request& request) {
  return named(request, paramsOf(request), "x-acs-version", "Version") == kVersion;
}

Reply answerSts(World& world, const Request& request, Exchange& exchange) {
  const Params params = paramsOf(request);
  if (named(request, params, "x-acs-action", "Action") == kOidc) {
    return render(request, exchange, admitAndAssume(world, request, params, exchange));
  }
  Admission admission = admit(world, kSts, request, exchange);
  if (const auto* error = std::get_if<ApiError>(&admission))
    return render(request, exchange, *error);
  exchange.authenticated = true;
  const Admitted& admitted = std::get<Admitted>(admission);
  return render(request, exchange,
                admitted.operation == "AssumeRole" ? assumeRole(world, admitted)
                                                   : callerIdentity(world, admitted));
}

}  // namespace kms_secretd::emulator

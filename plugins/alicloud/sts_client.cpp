// SPDX-License-Identifier: Apache-2.0
#include "alicloud/sts_client.hpp"

#include <algorithm>
#include <chrono>
#include <iterator>
#include <utility>

#include <kms-secretd/plugin.hpp>

#include "alicloud/acs_date.hpp"
#include "alicloud/credential_reply.hpp"
#include "alicloud/json_document.hpp"
#include "alicloud/nonce.hpp"
#include "alicloud/redaction.hpp"
#include "alicloud/sts_failure.hpp"

namespace kms_secretd::alicloud {
namespace {

namespace json = boost::json;
using namespace std::chrono_literals;

constexpr std::string_view version = "2015-04-01";
constexpr sdk::Milliseconds callTimeout = 10s;  // as the vendor's SDKs (KMS protocol 4.8)

std::unique_ptr<sdk::Transport> openTransport(StsSettings const& settings, sdk::Host& host) {
  sdk::TransportSpec spec;
  spec.host = settings.endpoint.host;
  spec.port = settings.endpoint.port;
  spec.rootsPem = settings.rootsPem;
  spec.proxy = settings.proxy;
  auto transport = host.openTransport(spec);
  if (transport) return std::move(transport).value();
  throw sdk::OptionError("auth.sts.ca_file", "STS: " + transport.failure().message);
}

std::vector<Parameter> parametersOf(RoleSession const& session) {
  std::vector<Parameter> out{
      {"DurationSeconds",
       std::to_string(std::chrono::floor<std::chrono::seconds>(session.duration).count())},
      {"RoleArn", session.roleArn},
      {"RoleSessionName", session.name}};
  if (!session.policy.empty()) out.push_back({"Policy", session.policy});
  if (!session.externalId.empty()) out.push_back({"ExternalId", session.externalId});
  return out;
}

std::string textOf(json::object const& object, char const* name) {
  auto const* value = object.if_contains(name);
  if (value == nullptr || !value->is_string()) return {};
  return std::string(value->get_string().data(), value->get_string().size());
}

sdk::Failure broken(std::string const& action, std::string const& host, std::string_view fragment) {
  return {.kind = sdk::FailureKind::unauthenticated,
          .message = "STS " + action + " at " + host + ": the answer was refused: " +
                     std::string(fragment) + "; check the endpoint and the proxy"};
}

}  // namespace

StsClient::StsClient(StsSettings settings, sdk::Host& host)
    : settings_(std::move(settings)),
      clock_(host.clock()),
      userAgent_(host.userAgent()),
      transport_(openTransport(settings_, host)),
      clockOffset_(clock_) {}

RpcRequest StsClient::rpc(std::string action, std::vector<Parameter> query) const {
  return {.host = settings_.endpoint.authority(),
          .action = std::move(action),
          .version = std::string(version),
          .query = std::move(query)};
}

StsClient::Reply StsClient::send(sdk::HttpRequest request, std::string const& action,
                                 CredentialRequest const& limits) {
  request.method = "POST";
  request.headers.push_back({"user-agent", userAgent_});
  request.wantedHeaders.assign(std::begin(errorHeaders), std::end(errorHeaders));
  request.deadline = std::min(limits.deadline, clock_.boot() + callTimeout);
  request.cancellation = limits.cancellation;
  auto reply = transport_->send(request);
  if (!reply) return issuerUnreachable("STS " + action + " at " + host(), reply.failure());
  if (auto const date = parseServerDate(reply.value().header("date"))) {
    offset_ = (*date - std::chrono::floor<std::chrono::seconds>(clock_.wall())).count();
  }
  return reply;
}

StsClient::Reply StsClient::signedCall(RpcRequest const& request, Credential const& caller,
                                       CredentialRequest const& limits) {
  bool mayCorrectClock = true;
  bool mayChangeNonce = true;
  while (true) {
    SigningMoment const moment{.date = clockOffset_.now(), .nonce = freshNonce()};
    auto const call = signV3(request, caller, moment);
    sdk::HttpRequest http;
    http.target = call.target;
    http.headers = call.headers;
    auto reply = send(std::move(http), request.action, limits);
    if (!reply || reply.value().status == 200) return reply;
    auto const error = parseRpcError(reply.value());
    auto const repeat = classifySts(error).repeat;
    if (repeat == Repeat::corrected_clock && std::exchange(mayCorrectClock, false) &&
        clockOffset_.learn(moment.date, reply.value().header("date"))) {
      continue;
    }
    if (repeat == Repeat::fresh_nonce && std::exchange(mayChangeNonce, false)) continue;
    auto failure = stsRefusal(request.action, host(), error,
                              {caller.accessKeySecret().reveal(), caller.securityToken().reveal(),
                               caller.accessKeyId(), call.signature});
    failure.retryAfter = retryAfterOf(reply.value());
    return failure;
  }
}

sdk::Result<CredentialPtr> StsClient::issued(Reply reply, std::string const& action) const {
  if (!reply) return std::move(reply.failure());
  auto const document = parseJson(reply.value().body.reveal(), wipingStorage());
  if (!document.ok()) return broken(action, host(), "it is " + document.problem);
  auto const* object = document.root.if_object();
  auto const* credentials = object == nullptr ? nullptr : object->if_contains("Credentials");
  if (credentials == nullptr || !credentials->is_object()) {
    return broken(action, host(), "it holds no Credentials");
  }
  auto const moment = momentOf(clock_, reply.value().header("date"));
  auto credential = parseIssued(credentials->get_object(), moment);
  if (!credential) return broken(action, host(), credential.failure().message);
  return credential;
}

sdk::Result<CredentialPtr> StsClient::assumeRole(RoleSession const& session,
                                                 Credential const& caller,
                                                 CredentialRequest const& limits) {
  std::string const action = "AssumeRole";
  return issued(signedCall(rpc(action, parametersOf(session)), caller, limits), action);
}

sdk::Result<CredentialPtr> StsClient::assumeRoleWithOidc(RoleSession const& session,
                                                         std::string const& providerArn,
                                                         sdk::SecretBytes const& token,
                                                         CredentialRequest const& limits) {
  std::string const action = "AssumeRoleWithOIDC";
  auto parameters = parametersOf(session);
  parameters.push_back({"OIDCProviderArn", providerArn});
  auto form = canonicalQuery(std::move(parameters)) + "&OIDCToken=";
  sdk::HttpRequest http;
  http.target = "/?" + canonicalQuery({{"Action", action},
                                       {"Format", "JSON"},
                                       {"SignatureNonce", freshNonce()},
                                       {"Timestamp", acsDate(clockOffset_.now())},
                                       {"Version", std::string(version)}});
  http.headers = {{"accept", "application/json"},
                  {"content-type", "application/x-www-form-urlencoded"}};
  // A JSON web token is made of characters that need no encoding.
  http.body = sdk::SecretBytes(form);
  http.body.append(token.reveal());
  auto reply = send(std::move(http), action, limits);
  if (reply && reply.value().status != 200) {
    return stsRefusal(action, host(), parseRpcError(reply.value()), {token.reveal()});
  }
  return issued(std::move(reply), action);
}

sdk::Result<CallerIdentity> StsClient::callerIdentity(Credential const& caller,
                                                      CredentialRequest const& limits) {
  std::string const action = "GetCallerIdentity";
  auto reply = signedCall(rpc(action, {}), caller, limits);
  if (!reply) return std::move(reply.failure());
  auto const document = parseJson(reply.value().body.reveal(), {});
  auto const* object = document.root.if_object();
  if (!document.ok() || object == nullptr) return broken(action, host(), "it is no JSON object");
  CallerIdentity identity{.arn = presentable(textOf(*object, "Arn"), {}),
                          .type = plainIdentifier(textOf(*object, "IdentityType")),
                          .account = plainIdentifier(textOf(*object, "AccountId"))};
  if (identity.arn.empty()) return broken(action, host(), "it holds no Arn");
  return identity;
}

}  // namespace kms_secretd::alicloud

// SPDX-License-Identifier: Apache-2.0
#include "emulator/kms/service.hpp"

#include "emulator/kms/gateway.hpp"
#include "emulator/kms/operations.hpp"
#include "emulator/kms/xml.hpp"
#include "emulator/server_clock.hpp"
#include "emulator/sign/digest.hpp"
#include "emulator/sts/sts.hpp"

namespace kms_secretd::emulator {
namespace {

constexpr Product kKms{"2016-01-20",
                       [](std::string_view name) { return findOperation(name) != nullptr; }};
// The dedicated gateway carries no management (KMS protocol 1.1).
constexpr Product kInstance{"2016-01-20",
                            [](std::string_view name) { return name == "GetSecretValue"; }};

const Product& productOf(World& world) {
  const auto kind = world.settings.with([](Settings& s) { return s.gateway; });
  return kind == GatewayKind::instance ? kInstance : kKms;
}

Reply render(int status, std::string_view root, const boost::json::object& body, bool json) {
  Reply reply;
  reply.status = status;
  reply.body = json ? boost::json::serialize(body) : renderXml(root, body);
  reply.setHeader("Content-Type",
                  json ? "application/json;charset=utf-8" : "text/xml;charset=utf-8");
  return reply;
}

// A session's policy narrows what its role may do.
bool isNarrowed(World& world, const Admitted& admitted) {
  const auto key = world.keyring.with([&](Keyring& keys) { return keys.find(admitted.accessKey); });
  return key && !key->mayRead;
}

Answer perform(World& world, const Admitted& admitted) {
  if (isNarrowed(world, admitted)) {
    return kmsError(403, "Forbidden.NoPermission",
                    "This operation is forbidden by permission system.");
  }
  const Settings settings = world.settings.with([](Settings& s) { return s; });
  const std::string account = admitted.account.empty() ? settings.account : admitted.account;
  const Operation operation = findOperation(admitted.operation);
  return world.secrets.with([&](SecretStore& store) {
    return operation({admitted.params, admitted.accessKey, account, settings, store});
  });
}

// A name is logged in its short form; anything that is no name is not logged at all.
std::string secretOf(const Admitted& admitted) {
  const std::string* name = findParam(admitted.params, "SecretName");
  if (name == nullptr || name->size() > 300) return {};
  const auto mark = name->find(":secret/");
  return mark == std::string::npos ? *name : name->substr(mark + 8);
}

}  // namespace

std::string hostIdOf(const Request& request) {
  const std::string* host = request.header("host");
  return host == nullptr ? std::string{} : toLower(*host);
}

Reply renderError(const ApiError& error, const Exchange& exchange, const std::string& hostId,
                  bool json) {
  return render(error.status, "Error", errorBody(error, exchange.requestId, hostId), json);
}

void addCommonHeaders(World& world, Reply& reply, const Exchange& exchange) {
  reply.setHeader("Date", formatHttpDate(world.clock.now()));
  reply.setHeader("Access-Control-Allow-Origin", "*");
  reply.setHeader("Access-Control-Expose-Headers", "*");
  if (!exchange.requestId.empty()) reply.setHeader("x-acs-request-id", exchange.requestId);
}

Reply answerKms(World& world, const Request& request, Exchange& exchange) {
  exchange.requestId = randomUuid();
  if (isForSts(request)) return answerSts(world, request, exchange);
  Admission admission = admit(world, productOf(world), request, exchange);
  if (const auto* error = std::get_if<ApiError>(&admission)) {
    exchange.outcome = error->code;
    return renderError(*error, exchange, hostIdOf(request));
  }
  const Admitted& admitted = std::get<Admitted>(admission);
  exchange.authenticated = true;
  exchange.secret = secretOf(admitted);
  Answer answer = perform(world, admitted);
  if (const auto* error = std::get_if<ApiError>(&answer)) {
    exchange.outcome = error->code;
    return renderError(*error, exchange, hostIdOf(request), admitted.json);
  }
  exchange.outcome = "OK";
  auto& members = std::get<boost::json::object>(answer);
  members["RequestId"] = exchange.requestId;
  return render(200, "KMS", members, admitted.json);
}

}  // namespace kms_secretd::emulator

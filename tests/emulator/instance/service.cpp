// SPDX-License-Identifier: Apache-2.0
#include "emulator/instance/service.hpp"

#include "emulator/instance/admission.hpp"
#include "emulator/instance/messages.hpp"
#include "emulator/kms/operations.hpp"
#include "emulator/sign/digest.hpp"

namespace kms_secretd::emulator {
namespace {

constexpr const char* kProtobuf = "application/x-protobuf";

Reply render(int status, std::string body) {
  Reply reply;
  reply.status = status;
  reply.body = std::move(body);
  reply.setHeader("Content-Type", kProtobuf);
  return reply;
}

Answer perform(World& world, const ClientKey& key, const Params& params) {
  const Settings settings = world.settings.with([](Settings& s) { return s; });
  const std::string account = key.account.empty() ? settings.account : key.account;
  return world.secrets.with([&](SecretStore& store) {
    return getSecretValue({params, key.id, account, settings, store});
  });
}

// A name is logged in its short form; anything that is no name is not logged at all.
std::string secretOf(const Params& params) {
  const std::string* name = findParam(params, "SecretName");
  if (name == nullptr || name->size() > 300) return {};
  const auto mark = name->find(":secret/");
  return mark == std::string::npos ? *name : name->substr(mark + 8);
}

}  // namespace

bool isInstanceRequest(const Request& request) {
  for (const auto& [name, value] : request.headers) {
    if (name.starts_with("x-kms-")) return true;
    if (name == "content-type" && value == kProtobuf) return true;
  }
  return false;
}

Reply renderInstanceError(const ApiError& error, const Exchange& exchange) {
  return render(error.status, encodeError(error, exchange.requestId));
}

Reply answerInstance(World& world, const Request& request, Exchange& exchange,
                     const std::string& peerCertificate) {
  exchange.requestId = randomUuid();
  exchange.scheme = kInstanceScheme;
  const auto refuse = [&](const ApiError& error) {
    exchange.outcome = error.code;
    return renderInstanceError(error, exchange);
  };
  ClientKey key;
  if (const auto objection = admitInstance(world, request, exchange, peerCertificate, key)) {
    return refuse(*objection);
  }
  exchange.authenticated = true;
  const auto params = decodeGetSecretValue(request.body);
  if (!params) return refuse(invalidParameter("body"));
  exchange.secret = secretOf(*params);
  Answer answer = perform(world, key, *params);
  if (const auto* error = std::get_if<ApiError>(&answer)) return refuse(*error);
  exchange.outcome = "OK";
  auto& members = std::get<boost::json::object>(answer);
  members["RequestId"] = exchange.requestId;
  return render(200, encodeSecretValue(members));
}

}  // namespace kms_secretd::emulator

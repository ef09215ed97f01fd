// SPDX-License-Identifier: Apache-2.0
#include "emulator/metadata/metadata.hpp"

#include <thread>

#include <boost/json.hpp>

#include "emulator/server_clock.hpp"
#include "emulator/sign/digest.hpp"
#include "emulator/sts/sessions.hpp"
#include "emulator/world.hpp"

namespace kms_secretd::emulator {
namespace {

constexpr std::string_view kRoles = "/latest/meta-data/ram/security-credentials/";

Reply text(int status, std::string body) {
  return {status, {{"Content-Type", "text/plain"}}, std::move(body), false};
}

Reply newToken(World& world, const MetadataState& state, const Request& request) {
  if (state.version2 == "absent") return text(405, "");
  const std::string* ttl = request.header("x-aliyun-ecs-metadata-token-ttl-seconds");
  if (ttl == nullptr) return text(400, "");
  std::string token = randomHex(20);
  world.metadata.with([&](MetadataState& current) { current.tokens.insert(token); });
  return text(200, std::move(token));
}

bool isAdmitted(const MetadataState& state, const Request& request) {
  const std::string* token = request.header("x-aliyun-ecs-metadata-token");
  if (token != nullptr) return state.tokens.contains(*token);
  return state.version2 != "required";
}

Reply lying(const MetadataState& state, boost::json::object credentials) {
  if (state.lie == "garbage") return text(200, "<html>this is a captive portal</html>");
  if (state.lie == "huge") return text(200, std::string(4U << 20U, ' '));
  if (state.lie == "failed") credentials["Code"] = "Failed";
  if (state.lie == "expired") credentials["Expiration"] = "2020-01-01T00:00:00Z";
  return text(200, boost::json::serialize(credentials));
}

Reply credentials(World& world, const MetadataState& state) {
  const auto role = world.roles.with([&](RoleBook& book) { return book.role(state.roleArn); });
  if (!role) return text(404, "");
  const auto session = openSession(world, *role, {"instance", state.seconds, ""});
  auto members = credentialsMember(session);
  members["Code"] = "Success";
  members["LastUpdated"] = formatTimestamp(world.clock.now());
  return lying(state, std::move(members));
}

Reply answer(World& world, const MetadataState& state, const Request& request) {
  if (request.path == "/latest/api/token" && request.method == "PUT") {
    return newToken(world, state, request);
  }
  if (request.method != "GET") return text(405, "");
  if (request.path == "/credentials") {
    return state.uriStatus == 200 ? credentials(world, state)
                                  : text(static_cast<int>(state.uriStatus), "");
  }
  if (!isAdmitted(state, request)) return text(403, "");
  const std::string name = state.roleArn.substr(state.roleArn.rfind('/') + 1);
  if (request.path == kRoles) {
    if (state.lie == "name") return text(200, "../../../etc/passwd");
    return name.empty() ? text(404, "") : text(200, name);
  }
  return request.path == std::string(kRoles) + name && !name.empty() ? credentials(world, state)
                                                                     : text(404, "");
}

}  // namespace

Reply answerMetadata(World& world, const Request& request) {
  const MetadataState state = world.metadata.with([](MetadataState& current) {
    ++current.requests;
    return current;
  });
  std::this_thread::sleep_for(state.delay);
  Reply reply = answer(world, state, request);
  reply.setHeader("Date", formatHttpDate(world.clock.now()));
  return reply;
}

}  // namespace kms_secretd::emulator

// SPDX-License-Identifier: Apache-2.0
#include "emulator/control/api.hpp"
#include "emulator/control/fields.hpp"
#include "emulator/sts/sessions.hpp"

namespace kms_secretd::emulator {
namespace {

namespace json = boost::json;

std::vector<Trust> readTrust(const json::value& body) {
  const auto* list = body.as_object().if_contains("trust");
  std::vector<Trust> out;
  if (list == nullptr) return out;
  if (!list->is_array()) throw BadInput("member 'trust' has to be a list");
  for (const auto& each : list->as_array()) {
    Fields fields(each);
    out.push_back({fields.requiredText("principal"), fields.text("subject")});
    fields.finish();
  }
  return out;
}

std::vector<RsaKey> readKeys(const json::value& body) {
  const auto* jwks = body.as_object().if_contains("jwks");
  if (jwks == nullptr) throw BadInput("member 'jwks' is missing");
  auto keys = readJwks(*jwks);
  if (keys.empty()) throw BadInput("member 'jwks' holds no RSA key");
  return keys;
}

json::object done() { return {{"ok", true}}; }

}  // namespace

json::value putRole(const ControlCall& call) {
  Fields fields(call.body);
  Role role;
  role.arn = fields.requiredText("arn");
  role.externalId = fields.text("external_id");
  role.maxSeconds = fields.number("max_seconds", role.maxSeconds);
  role.sessionSeconds = fields.number("session_seconds", role.sessionSeconds);
  static_cast<void>(fields.raw("trust"));
  fields.finish();
  role.trust = readTrust(call.body);
  call.world.roles.with([&](RoleBook& book) { book.put(std::move(role)); });
  return done();
}

json::value setRoleActive(const ControlCall& call) {
  Fields fields(call.body);
  const std::string arn = fields.requiredText("arn");
  const bool active = fields.flag("active", true);
  const bool keepSessions = fields.flag("keep_sessions", false);
  fields.finish();
  if (!call.world.roles.with([&](RoleBook& book) { return book.setActive(arn, active); })) {
    throw BadInput("no role '" + arn + "'");
  }
  const std::size_t ended = active || keepSessions ? 0 : endSessions(call.world, arn);
  return json::object{{"ok", true}, {"ended_sessions", ended}};
}

json::value putOidcProvider(const ControlCall& call) {
  Fields fields(call.body);
  OidcProvider provider;
  provider.arn = fields.requiredText("arn");
  provider.issuer = fields.requiredText("issuer");
  provider.clientIds = fields.texts("client_ids");
  static_cast<void>(fields.raw("jwks"));
  fields.finish();
  provider.keys = readKeys(call.body);
  call.world.roles.with([&](RoleBook& book) { book.put(std::move(provider)); });
  return done();
}

json::value setMetadata(const ControlCall& call) {
  Fields fields(call.body);
  MetadataState state = call.world.metadata.with([](MetadataState& current) { return current; });
  state.roleArn = fields.text("role_arn", state.roleArn);
  state.version2 = fields.text("version2", state.version2);
  state.lie = fields.text("lie", state.lie);
  state.delay = std::chrono::milliseconds(fields.number("delay_ms", state.delay.count()));
  state.seconds = fields.number("seconds", state.seconds);
  state.uriStatus = fields.number("uri_status", state.uriStatus);
  fields.finish();
  call.world.metadata.with([&](MetadataState& current) { current = state; });
  return json::object{{"ok", true}, {"requests", state.requests}};
}

}  // namespace kms_secretd::emulator

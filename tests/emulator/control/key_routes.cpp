// SPDX-License-Identifier: Apache-2.0
#include "emulator/control/api.hpp"
#include "emulator/control/fields.hpp"
#include "emulator/server_clock.hpp"

namespace kms_secretd::emulator {
namespace {

std::optional<std::int64_t> readExpiry(const ControlCall& call, Fields& fields) {
  const auto seconds = fields.optionalNumber("expires_in");
  if (seconds) return call.world.clock.now() + *seconds;
  if (!fields.has("expires_at")) return std::nullopt;
  const auto time = parseTimestamp(fields.text("expires_at"));
  if (!time) throw BadInput("member 'expires_at' has to be YYYY-MM-DDThh:mm:ssZ");
  return time;
}

}  // namespace

boost::json::value putKey(const ControlCall& call) {
  Fields fields(call.body);
  AccessKey key;
  key.id = fields.requiredText("id");
  key.secret = fields.requiredText("secret");
  key.token = fields.text("token");
  key.account = fields.text("account");
  key.active = fields.flag("active", true);
  key.expiresAt = readExpiry(call, fields);
  key.expiredAs = fields.text("expired_as", key.expiredAs);
  fields.finish();
  call.world.keyring.with([&](Keyring& keys) { keys.put(key); });
  return boost::json::object{{"ok", true}};
}

boost::json::value getKeys(const ControlCall& call) {
  boost::json::array out;
  for (const AccessKey& key : call.world.keyring.with([](Keyring& keys) { return keys.all(); })) {
    boost::json::object entry{{"id", key.id},
                              {"active", key.active},
                              {"sts", !key.token.empty()},
                              {"arn", key.arn},
                              {"expires_at", nullptr}};
    if (key.expiresAt) entry["expires_at"] = formatTimestamp(*key.expiresAt);
    out.emplace_back(std::move(entry));
  }
  return boost::json::object{{"keys", std::move(out)}};
}

boost::json::value deleteKey(const ControlCall& call) {
  Fields fields(call.body);
  const std::string id = fields.requiredText("id");
  fields.finish();
  const bool found = call.world.keyring.with([&](Keyring& keys) { return keys.erase(id); });
  if (!found) throw BadInput("no access key '" + id + "'");
  return boost::json::object{{"ok", true}};
}

}  // namespace kms_secretd::emulator

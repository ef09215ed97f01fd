// SPDX-License-Identifier: Apache-2.0
#include "emulator/control/api.hpp"
#include "emulator/control/fields.hpp"
#include "emulator/kms/members.hpp"
#include "emulator/server_clock.hpp"

namespace kms_secretd::emulator {
namespace {

std::string ownAccount(const ControlCall& call) {
  return call.world.settings.with([](Settings& settings) { return settings.account; });
}

SecretRef readRef(const ControlCall& call, Fields& fields) {
  return {fields.text("account", ownAccount(call)), fields.requiredText("name")};
}

std::int64_t readTime(Fields& fields, std::string_view name, std::int64_t fallback) {
  if (!fields.has(name)) return fallback;
  const auto time = parseTimestamp(fields.text(name));
  if (!time) throw BadInput("member '" + std::string(name) + "' has to be YYYY-MM-DDThh:mm:ssZ");
  return *time;
}

void demand(const Refusal& refusal) {
  if (refusal) throw BadInput(refusal->code + ": " + refusal->message);
}

boost::json::value done() { return boost::json::object{{"ok", true}}; }

NewVersion readVersion(Fields& fields) {
  NewVersion version;
  version.id = fields.text("version_id");
  version.data = fields.requiredText("data");
  version.dataType = fields.text("data_type", "text");
  version.stages = fields.texts("stages");
  return version;
}

Secret readSecret(const ControlCall& call, Fields& fields, std::int64_t now) {
  const SecretRef ref = readRef(call, fields);
  Secret secret;
  secret.account = ref.account;
  secret.name = ref.name;
  secret.type = fields.text("type", "Generic");
  secret.description = fields.text("description");
  secret.extendedConfig = fields.text("extended_config");
  secret.automaticRotation = fields.text("automatic_rotation");
  secret.rotationInterval = fields.text("rotation_interval");
  secret.tags = fields.textMap("tags");
  secret.createTime = readTime(fields, "create_time", now);
  secret.updateTime = secret.createTime;
  if (secret.automaticRotation == "Enabled" || fields.has("next_rotation")) {
    secret.nextRotation = readTime(fields, "next_rotation", now);
  }
  return secret;
}

void putOne(const ControlCall& call, const boost::json::value& json) {
  const std::int64_t now = call.world.clock.now();
  Fields fields(json);
  const Secret secret = readSecret(call, fields, now);
  std::optional<NewVersion> version;
  if (fields.has("data")) version = readVersion(fields);
  fields.finish();
  call.world.secrets.with([&](SecretStore& store) {
    demand(store.put(secret));
    if (version) demand(store.putVersion({secret.account, secret.name}, *version, now));
  });
}

// The stored state without any value.
boost::json::object describe(const Secret& secret) {
  boost::json::array versions;
  for (const Version& version : secret.versions) {
    versions.emplace_back(boost::json::object{{"version_id", version.id},
                                              {"stages", boost::json::value_from(version.stages)},
                                              {"bytes", version.data.size()}});
  }
  return {{"account", secret.account},
          {"name", secret.name},
          {"type", secret.type},
          {"update_time", formatTimestamp(secret.updateTime)},
          {"in_delete_window", secret.plannedDelete.has_value()},
          {"versions", std::move(versions)}};
}

boost::json::value setDenied(const ControlCall& call, bool denied) {
  Fields fields(call.body);
  const SecretRef ref = readRef(call, fields);
  const std::string key = fields.text("access_key", "*");
  fields.finish();
  demand(call.world.secrets.with(
      [&](SecretStore& store) { return store.setDenied(ref, key, denied); }));
  return done();
}

}  // namespace

boost::json::value putSecrets(const ControlCall& call) {
  if (const auto* list = call.body.if_array()) {
    for (const auto& json : *list) putOne(call, json);
  } else {
    putOne(call, call.body);
  }
  return done();
}

boost::json::value getSecrets(const ControlCall& call) {
  const std::string* account = findParam(call.query, "account");
  const std::string wanted = account == nullptr ? ownAccount(call) : *account;
  return call.world.secrets.with([&](SecretStore& store) {
    boost::json::array out;
    for (const Secret* secret : store.list(wanted)) out.emplace_back(describe(*secret));
    return boost::json::value(boost::json::object{{"secrets", std::move(out)}});
  });
}

boost::json::value putVersion(const ControlCall& call) {
  Fields fields(call.body);
  const SecretRef ref = readRef(call, fields);
  const NewVersion version = readVersion(fields);
  fields.finish();
  const std::int64_t now = call.world.clock.now();
  demand(call.world.secrets.with(
      [&](SecretStore& store) { return store.putVersion(ref, version, now); }));
  return done();
}

boost::json::value moveSecretStage(const ControlCall& call) {
  Fields fields(call.body);
  const SecretRef ref = readRef(call, fields);
  const std::string stage = fields.requiredText("stage");
  const std::string to = fields.text("to");
  fields.finish();
  const std::int64_t now = call.world.clock.now();
  demand(call.world.secrets.with(
      [&](SecretStore& store) { return store.moveStage(ref, stage, to, now); }));
  return done();
}

boost::json::value rotateSecret(const ControlCall& call) {
  Fields fields(call.body);
  const SecretRef ref = readRef(call, fields);
  const std::string data = fields.requiredText("data");
  fields.finish();
  const std::int64_t now = call.world.clock.now();
  demand(call.world.secrets.with([&](SecretStore& store) { return store.rotate(ref, data, now); }));
  return done();
}

boost::json::value deleteSecret(const ControlCall& call) {
  Fields fields(call.body);
  const SecretRef ref = readRef(call, fields);
  const auto window = fields.optionalNumber("window_days");
  fields.finish();
  std::optional<std::int64_t> planned;
  if (window) planned = call.world.clock.now() + *window * 86400;
  demand(call.world.secrets.with([&](SecretStore& store) { return store.remove(ref, planned); }));
  return done();
}

boost::json::value restoreSecret(const ControlCall& call) {
  Fields fields(call.body);
  const SecretRef ref = readRef(call, fields);
  fields.finish();
  demand(call.world.secrets.with([&](SecretStore& store) { return store.restore(ref); }));
  return done();
}

boost::json::value denySecret(const ControlCall& call) { return setDenied(call, true); }
boost::json::value allowSecret(const ControlCall& call) { return setDenied(call, false); }

}  // namespace kms_secretd::emulator

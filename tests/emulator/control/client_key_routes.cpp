// SPDX-License-Identifier: Apache-2.0
#include "emulator/control/api.hpp"
#include "emulator/control/fields.hpp"
#include "emulator/instance/key_maker.hpp"
#include "emulator/server_clock.hpp"

namespace kms_secretd::emulator {
namespace {

constexpr std::int64_t kDay = 24 * 3600;

KeyForm readForm(Fields& fields) {
  const std::string form = fields.text("form", "rc2");
  if (form == "rc2") return KeyForm::rc2;
  if (form == "3des") return KeyForm::tripleDes;
  if (form == "pbes2") return KeyForm::pbes2;
  throw BadInput("member 'form' has to be rc2, 3des or pbes2");
}

}  // namespace

boost::json::value putClientKey(const ControlCall& call) {
  Fields fields(call.body);
  const std::int64_t now = call.world.clock.now();
  KeyOrder order;
  order.id = fields.requiredText("id");
  order.form = readForm(fields);
  order.password = fields.text("password", order.password);
  order.notBefore = now + fields.number("begins_in", -kDay);
  order.notAfter = now + fields.number("expires_in", 5 * 365 * kDay);
  ClientKey key{order.id, {}, fields.text("account"), order.notBefore, order.notAfter, true};
  key.active = fields.flag("active", true);
  fields.finish();
  const MadeKey made = makeClientKey(order);
  key.certificatePem = made.certificatePem;
  call.world.clientKeys.with([&](ClientKeys& keys) { keys.put(key); });
  return boost::json::object{{"json", made.json},
                             {"password", made.password},
                             {"certificate", made.certificatePem},
                             {"private_key", made.privateKeyPem},
                             {"expires_at", formatTimestamp(order.notAfter)}};
}

boost::json::value getClientKeys(const ControlCall& call) {
  boost::json::array out;
  const auto all = call.world.clientKeys.with([](ClientKeys& keys) { return keys.all(); });
  for (const ClientKey& key : all) {
    out.emplace_back(boost::json::object{
        {"id", key.id}, {"active", key.active}, {"expires_at", formatTimestamp(key.notAfter)}});
  }
  return boost::json::object{{"client_keys", std::move(out)}};
}

boost::json::value deleteClientKey(const ControlCall& call) {
  Fields fields(call.body);
  const std::string id = fields.requiredText("id");
  fields.finish();
  if (call.world.clientKeys.with([&](ClientKeys& keys) { return keys.erase(id); })) {
    return boost::json::object{{"ok", true}};
  }
  throw BadInput("no client key '" + id + "'");
}

}  // namespace kms_secretd::emulator

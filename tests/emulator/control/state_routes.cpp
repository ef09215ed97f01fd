// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <cstdlib>
#include <utility>

#include "emulator/control/api.hpp"
#include "emulator/control/fields.hpp"
#include "emulator/server_clock.hpp"

namespace kms_secretd::emulator {
namespace {

boost::json::object describe(const LogEntry& entry) {
  const Exchange& exchange = entry.exchange;
  return {{"sequence", entry.sequence},
          {"time", formatTimestamp(entry.time)},
          {"connection", entry.connection},
          {"tls_resumed", entry.resumed},
          {"method", exchange.method},
          {"operation", exchange.operation},
          {"secret", exchange.secret},
          {"access_key", exchange.accessKey},
          {"nonce", exchange.nonce},
          {"signature_version", exchange.scheme},
          {"request_id", exchange.requestId},
          {"authenticated", exchange.authenticated},
          {"outcome", exchange.outcome},
          {"status", entry.status},
          {"bytes", entry.bytes},
          {"fault", entry.fault}};
}

boost::json::object sums(const std::map<std::string, std::uint64_t>& table) {
  boost::json::object out;
  for (const auto& [name, count] : table) out[name] = count;
  return out;
}

std::uint64_t readSince(const ControlCall& call) {
  const std::string* text = findParam(call.query, "since");
  return text == nullptr ? 0 : std::strtoull(text->c_str(), nullptr, 10);
}

constexpr std::array kGateways = {std::pair{GatewayKind::any, "any"},
                                  std::pair{GatewayKind::shared, "shared"},
                                  std::pair{GatewayKind::instance, "instance"},
                                  std::pair{GatewayKind::oldInstance, "old_instance"}};

const char* nameOf(GatewayKind kind) {
  for (const auto& [each, name] : kGateways) {
    if (each == kind) return name;
  }
  return "";
}

GatewayKind readGateway(Fields& fields, GatewayKind fallback) {
  const std::string text = fields.text("gateway", nameOf(fallback));
  for (const auto& [kind, name] : kGateways) {
    if (text == name) return kind;
  }
  throw BadInput("member 'gateway' has to be any, shared, instance or old_instance");
}

// Changes only the members that the body names.
Settings changed(Settings settings, Fields& fields) {
  settings.region = fields.text("region", settings.region);
  settings.account = fields.text("account", settings.account);
  settings.strictHost = fields.flag("strict_host", settings.strictHost);
  settings.echoArn = fields.flag("echo_arn", settings.echoArn);
  settings.updateTimeMoves = fields.flag("update_time_moves", settings.updateTimeMoves);
  settings.gateway = readGateway(fields, settings.gateway);
  settings.requireClientCertificate =
      fields.flag("require_client_certificate", settings.requireClientCertificate);
  settings.idleTimeout =
      std::chrono::milliseconds(fields.number("idle_timeout_ms", settings.idleTimeout.count()));
  return settings;
}

void applySettings(World& world, const Settings& settings) {
  world.settings.with([&](Settings& current) { current = settings; });
  world.secrets.with(
      [&](SecretStore& store) { store.setUpdateTimeMoves(settings.updateTimeMoves); });
}

}  // namespace

boost::json::value getSettings(const ControlCall& call) {
  const Settings settings = call.world.settings.with([](Settings& s) { return s; });
  return boost::json::object{{"clock_offset", call.world.clock.offset()},
                             {"server_time", formatTimestamp(call.world.clock.now())},
                             {"region", settings.region},
                             {"account", settings.account},
                             {"strict_host", settings.strictHost},
                             {"echo_arn", settings.echoArn},
                             {"update_time_moves", settings.updateTimeMoves},
                             {"gateway", nameOf(settings.gateway)},
                             {"require_client_certificate", settings.requireClientCertificate},
                             {"idle_timeout_ms", settings.idleTimeout.count()}};
}

boost::json::value putSettings(const ControlCall& call) {
  Fields fields(call.body);
  const Settings settings =
      changed(call.world.settings.with([](Settings& s) { return s; }), fields);
  const std::int64_t offset = fields.number("clock_offset", call.world.clock.offset());
  fields.finish();
  applySettings(call.world, settings);
  call.world.clock.setOffset(offset);
  return getSettings(call);
}

boost::json::value getRequests(const ControlCall& call) {
  const std::uint64_t since = readSince(call);
  const auto entries = call.world.log.with([](RequestLog& log) { return log.entries(); });
  boost::json::array out;
  for (const LogEntry& entry : entries) {
    if (entry.sequence > since) out.emplace_back(describe(entry));
  }
  return boost::json::object{{"requests", std::move(out)}};
}

boost::json::value deleteRequests(const ControlCall& call) {
  call.world.log.with([](RequestLog& log) { log.clear(); });
  return boost::json::object{{"ok", true}};
}

boost::json::value getCounters(const ControlCall& call) {
  const Counters counters = call.world.log.with([](RequestLog& log) { return log.counters(); });
  return boost::json::object{{"connections", counters.connections},
                             {"open_connections", call.port.openConnections()},
                             {"handshakes", counters.handshakes},
                             {"failed_handshakes", counters.failedHandshakes},
                             {"resumed_sessions", counters.resumedSessions},
                             {"requests", counters.requests},
                             {"bad_requests", counters.badRequests},
                             {"faults", counters.faults},
                             {"by_operation", sums(counters.byOperation)},
                             {"by_outcome", sums(counters.byOutcome)}};
}

boost::json::value resetAll(const ControlCall& call) {
  World& world = call.world;
  const std::uint16_t port = world.settings.with([](Settings& s) { return s.kmsPort; });
  Settings settings;
  settings.kmsPort = port;
  world.faults.with([](FaultBook& book) { book.clear(); });
  world.keyring.with([](Keyring& keys) { keys = {}; });
  world.clientKeys.with([](ClientKeys& keys) { keys = {}; });
  world.secrets.with([](SecretStore& store) { store = {}; });
  world.roles.with([](RoleBook& book) { book = {}; });
  world.metadata.with([](MetadataState& state) { state = {}; });
  applySettings(world, settings);
  world.clock.setOffset(0);
  call.port.endConnections(false);
  call.port.setListening(true);
  world.log.with([](RequestLog& log) { log.clear(); });
  return boost::json::object{{"ok", true}};
}

}  // namespace kms_secretd::emulator

// SPDX-License-Identifier: Apache-2.0
#include <cstdlib>

#include "emulator/control/api.hpp"
#include "emulator/control/fault_json.hpp"
#include "emulator/control/fields.hpp"

namespace kms_secretd::emulator {
namespace {

// "keep" leaves the connections alone; "close" and "reset" end them.
void endConnections(const ControlCall& call, const std::string& how) {
  if (how == "keep") return;
  if (how != "close" && how != "reset") {
    throw BadInput("connections end by 'keep', 'close' or 'reset', not by '" + how + "'");
  }
  call.port.endConnections(how == "reset");
}

}  // namespace

boost::json::value addFault(const ControlCall& call) {
  const FaultRule rule = parseFault(call.body);
  const std::int64_t id = call.world.faults.with([&](FaultBook& book) { return book.add(rule); });
  return boost::json::object{{"id", id}};
}

boost::json::value getFaults(const ControlCall& call) {
  boost::json::array out;
  const auto rules = call.world.faults.with([](FaultBook& book) { return book.rules(); });
  for (const FaultRule& rule : rules) out.emplace_back(describeFault(rule));
  return boost::json::object{{"faults", std::move(out)}};
}

boost::json::value deleteFaults(const ControlCall& call) {
  const std::string* id = findParam(call.query, "id");
  if (id == nullptr) {
    call.world.faults.with([](FaultBook& book) { book.clear(); });
  } else {
    const std::int64_t number = std::atoll(id->c_str());
    const bool found = call.world.faults.with([&](FaultBook& book) { return book.erase(number); });
    if (!found) throw BadInput("no fault with id " + *id);
  }
  return boost::json::object{{"ok", true}};
}

boost::json::value setOutage(const ControlCall& call) {
  Fields fields(call.body);
  if (!fields.has("down")) throw BadInput("member 'down' is missing");
  const bool down = fields.flag("down", true);
  const std::string how = fields.text("connections", down ? "reset" : "keep");
  fields.finish();
  call.port.setListening(!down);
  endConnections(call, how);
  return boost::json::object{{"ok", true}};
}

boost::json::value closeConnections(const ControlCall& call) {
  std::string how = "close";
  if (!call.body.is_null()) {
    Fields fields(call.body);
    how = fields.text("how", how);
    fields.finish();
  }
  endConnections(call, how);
  return boost::json::object{{"ok", true}};
}

}  // namespace kms_secretd::emulator

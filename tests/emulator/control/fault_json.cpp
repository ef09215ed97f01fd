// SPDX-License-Identifier: Apache-2.0
#include "emulator/control/fault_json.hpp"

#include <algorithm>
#include <array>
#include <initializer_list>

#include "emulator/control/fields.hpp"

namespace kms_secretd::emulator {
namespace {

struct KindName {
  std::string_view name;
  FaultKind kind;
};

constexpr std::array kKinds = {
    KindName{"error", FaultKind::error},
    KindName{"body", FaultKind::body},
    KindName{"latency", FaultKind::latency},
    KindName{"reset", FaultKind::reset},
    KindName{"truncate", FaultKind::truncate},
    KindName{"length", FaultKind::length},
    KindName{"drip", FaultKind::drip},
    KindName{"garbage", FaultKind::garbage},
    KindName{"huge", FaultKind::huge},
    KindName{"redirect", FaultKind::redirect},
    KindName{"chunked", FaultKind::chunked},
    KindName{"black_hole", FaultKind::blackHole},
    KindName{"close_idle", FaultKind::closeIdle},
    KindName{"tls", FaultKind::tls},
};

FaultKind kindOf(const std::string& name) {
  const auto* found = std::find_if(kKinds.begin(), kKinds.end(),
                                   [&](const KindName& each) { return each.name == name; });
  if (found == kKinds.end()) throw BadInput("unknown fault kind '" + name + "'");
  return found->kind;
}

std::string_view nameOf(FaultKind kind) {
  const auto* found = std::find_if(kKinds.begin(), kKinds.end(),
                                   [&](const KindName& each) { return each.kind == kind; });
  return found == kKinds.end() ? std::string_view{} : found->name;
}

// Where the fault strikes: one of the kind's places, the first is the default.
std::string place(Fields& fields, std::initializer_list<std::string_view> places) {
  std::string at = fields.text("at", *places.begin());
  if (std::find(places.begin(), places.end(), at) != places.end()) return at;
  throw BadInput("member 'at' cannot be '" + at + "' for this kind of fault");
}

std::int64_t atLeast(std::string_view name, std::int64_t value, std::int64_t least) {
  if (value >= least) return value;
  throw BadInput("member '" + std::string(name) + "' has to be at least " + std::to_string(least));
}

std::int64_t statusOf(std::int64_t value) {
  if (value >= 100 && value <= 999) return value;
  throw BadInput("member 'status' has to have three digits");
}

ErrorForm formOf(const std::string& name) {
  if (name == "kms") return ErrorForm::kms;
  if (name == "gateway") return ErrorForm::gateway;
  throw BadInput("member 'form' has to be 'kms' or 'gateway'");
}

void readError(Fields& fields, Fault& fault) {
  fault.status = static_cast<int>(statusOf(fields.number("status", 500)));
  fault.code = fields.requiredText("code");
  fault.message = fields.text("message", "Injected by the emulator.");
  fault.form = formOf(fields.text("form", "kms"));
}

void readBody(Fields& fields, Fault& fault) {
  fault.status = static_cast<int>(statusOf(fields.number("status", 503)));
  fault.body = fields.text("body", "<html><body>503 Service Unavailable</body></html>");
  fault.contentType = fields.text("content_type", "text/html");
}

void readRedirect(Fields& fields, Fault& fault) {
  fault.status = static_cast<int>(statusOf(fields.number("status", 302)));
  fault.location = fields.requiredText("location");
}

void readBytes(Fields& fields, Fault& fault) {
  if (fields.has("bytes")) fault.bytes = atLeast("bytes", fields.number("bytes", 0), 0);
}

void readLength(Fields& fields, Fault& fault) {
  fault.delta = fields.number("delta", 10);
  if (fields.has("close")) fault.close = fields.flag("close", true);
}

void readParameters(Fields& fields, Fault& fault) {
  switch (fault.kind) {
    case FaultKind::error:
      return readError(fields, fault);
    case FaultKind::body:
      return readBody(fields, fault);
    case FaultKind::redirect:
      return readRedirect(fields, fault);
    case FaultKind::length:
      return readLength(fields, fault);
    case FaultKind::reset:
      fault.at = place(fields, {"request", "headers", "body"});
      break;
    case FaultKind::truncate:
      fault.at = place(fields, {"close_notify", "fin"});
      break;
    case FaultKind::garbage:
      fault.at = place(fields, {"reply", "body"});
      break;
    case FaultKind::huge:
      fault.at = place(fields, {"body", "headers"});
      break;
    case FaultKind::drip:
      fault.at = place(fields, {"headers", "body"});
      fault.intervalMs = atLeast("interval_ms", fields.number("interval_ms", 100), 0);
      break;
    case FaultKind::tls:
      fault.at = place(fields, {"accept", "reset", "hello", "alert", "garbage", "silence"});
      break;
    case FaultKind::latency:
      atLeast("delay_ms", fault.delayMs, 1);
      break;
    case FaultKind::chunked:
    case FaultKind::blackHole:
    case FaultKind::closeIdle:
      break;
  }
  readBytes(fields, fault);
}

}  // namespace

FaultRule parseFault(const boost::json::value& json) {
  Fields fields(json);
  FaultRule rule;
  rule.match = {fields.text("operation"), fields.text("secret"), fields.text("access_key")};
  rule.schedule.skip = atLeast("skip", fields.number("skip", 0), 0);
  rule.schedule.every = atLeast("every", fields.number("every", 1), 1);
  rule.schedule.count = fields.optionalNumber("count");
  rule.fault.kind = kindOf(fields.requiredText("kind"));
  rule.fault.delayMs = atLeast("delay_ms", fields.number("delay_ms", 0), 0);
  for (const auto& [name, value] : fields.textMap("headers")) {
    rule.fault.headers.emplace_back(name, value);
  }
  readParameters(fields, rule.fault);
  fields.finish();
  return rule;
}

boost::json::object describeFault(const FaultRule& rule) {
  boost::json::object out{{"id", rule.id},
                          {"kind", nameOf(rule.fault.kind)},
                          {"operation", rule.match.operation},
                          {"secret", rule.match.secret},
                          {"access_key", rule.match.accessKey},
                          {"skip", rule.schedule.skip},
                          {"every", rule.schedule.every},
                          {"count", nullptr},
                          {"seen", rule.seen},
                          {"fired", rule.fired}};
  if (rule.schedule.count) out["count"] = *rule.schedule.count;
  return out;
}

}  // namespace kms_secretd::emulator

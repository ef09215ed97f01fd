// SPDX-License-Identifier: Apache-2.0
#include "kms-instance-endpoint/probe.hpp"

#include <chrono>
#include <string>
#include <utility>

#include "alicloud/acs_date.hpp"

namespace kms_secretd::kms_instance_endpoint {
namespace {

// Whatever the instance says of it, it has judged the signature before.
constexpr char const* nobodysSecret = "kms-secretd-check-no-such-secret";

struct Answer {
  sdk::Result<sdk::FetchedSecret> outcome;
  std::string serverDate{};
};

Answer ask(CallTools const& tools, sdk::ProbeRequest const& request, std::string const& name) {
  sdk::FetchRequest const fetch{
      .name = name, .deadline = request.deadline, .cancellation = request.cancellation};
  ClientKeyProtocol protocol(tools, fetch);
  alicloud::SecretRead read(tools.read, fetch, protocol);
  auto outcome = read.run();
  return {.outcome = std::move(outcome), .serverDate = read.serverDate()};
}

bool takesTheKey(sdk::Result<sdk::FetchedSecret> const& outcome) {
  return outcome || outcome.failure().kind == sdk::FailureKind::not_found ||
         outcome.failure().kind == sdk::FailureKind::permission_denied;
}

}  // namespace

sdk::Result<sdk::ProbeReport> runProbe(CallTools const& tools, sdk::ProbeRequest const& request) {
  auto const key = tools.keys.get(nullptr);
  if (!key) return key.failure();
  sdk::ProbeReport report{.expiresAt = key.value()->expiresAt()};
  if (request.wantsIdentity) {
    auto const [outcome, date] = ask(tools, request, nobodysSecret);
    if (takesTheKey(outcome)) {
      report.identity = "the client key " + key.value()->id();
    } else if (outcome.failure().kind == sdk::FailureKind::unauthenticated) {
      return outcome.failure();
    } else {
      report.note = outcome.failure().message;
    }
    if (auto const server = alicloud::parseServerDate(date)) {
      report.clockOffset = *server - tools.read.clock.wall();
    }
  }
  for (auto const& name : request.names) {
    auto asked = ask(tools, request, name);
    report.secrets.push_back({.name = name});
    if (!asked.outcome) report.secrets.back().failure = std::move(asked.outcome.failure());
  }
  return report;
}

}  // namespace kms_secretd::kms_instance_endpoint

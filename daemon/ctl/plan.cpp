// SPDX-License-Identifier: Apache-2.0
#include "ctl/plan.hpp"

#include <boost/json.hpp>
#include <cstdio>
#include <utility>

#include "core/names.hpp"
#include "ctl/exit_codes.hpp"
#include "ctl/screen.hpp"
#include "ctl/show.hpp"

namespace kms_secretd::ctl {
namespace {

namespace json = boost::json;

// The daemon answers at its deadline at the latest, and some seconds later if it has much to drop.
constexpr std::chrono::seconds grace{15};

std::string bodyOf(PlanWish const& wish) {
  json::object body{{"pending", !wish.inForce}, {"timeout_seconds", wish.longest.count()}};
  if (!wish.targets.empty()) body["targets"] = json::value_from(wish.targets);
  return json::serialize(body);
}

// As the offline plan's: 1 where a secret could not be written, or not all were looked at.
int codeOf(json::object const& report) {
  auto const* complete = report.if_contains("complete");
  if (complete == nullptr || !complete->is_bool() || !complete->get_bool()) return exitNotWell;
  for (auto const& each : arrayIn(report, "targets")) {
    if (!each.is_object() || !textOf(each.get_object(), "trouble").empty()) return exitNotWell;
  }
  return exitGood;
}

}  // namespace

std::optional<PlanReport> planOverSocket(Client const& client, PlanWish const& wish) {
  for (auto const& target : wish.targets) {
    if (core::TargetId::from(target)) continue;
    std::fprintf(stderr, "kms-secretctl: a secret is named [CLUSTER:]NAMESPACE/NAME\n");
    return PlanReport{.code = exitUsage};
  }
  try {
    auto reply = client.post("/v1/plan", bodyOf(wish), wish.longest + grace);
    if (reply.status == 200) {
      auto const code = codeOf(reply.json());
      return PlanReport{.code = code, .document = std::move(reply.body)};
    }
    std::fprintf(stderr, "kms-secretctl: %s\n", printable(reply.error()).c_str());
    return PlanReport{.code = exitNotWell};
  } catch (NotRunning const&) {
    return std::nullopt;
  }
}

}  // namespace kms_secretd::ctl

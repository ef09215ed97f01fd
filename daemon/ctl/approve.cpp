// SPDX-License-Identifier: Apache-2.0
#include "ctl/approve.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <cstdio>

#include "core/names.hpp"
#include "ctl/exit_codes.hpp"
#include "ctl/screen.hpp"
#include "ctl/show.hpp"

namespace kms_secretd::ctl {
namespace {

namespace json = boost::json;

int refused(std::string const& why) {
  std::fprintf(stderr, "kms-secretctl: %s\n", printable(why).c_str());
  return exitNotWell;
}

/// Approves what `held` shows: by its name, so that what changed since is not approved with it.
int approve(Client const& client, json::object const& held, json::object body) {
  auto const change = textOf(held, "change");
  if (change.empty()) return refused("nothing is held there");
  body["change"] = change;
  auto const reply = client.post("/v1/approve", json::serialize(body));
  if (reply.status != 202) return refused(reply.error());
  for (auto const& dropped : arrayIn(held, "drops")) {
    if (dropped.is_string()) {
      std::printf("goes: %s\n", printable(std::string(dropped.get_string())).c_str());
    }
  }
  std::printf("approved: %s\n", printable(change).c_str());
  return exitGood;
}

// It becomes part of an address, so it has no other characters than names have.
bool isTargetName(std::string const& text) {
  auto const plain = std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '/' ||
           c == ':';
  });
  return plain && core::TargetId::from(text).has_value();
}

int approveDeletions(Client const& client, json::object const& status) {
  int worst = exitGood;
  bool any = false;
  for (auto const& each : arrayIn(status, "clusters")) {
    auto const& held = objectIn(each.as_object(), "held_deletions");
    if (held.empty()) continue;
    any = true;
    worst = std::max(worst, approve(client, held, {{"deletions", true}}));
  }
  return any ? worst : refused("no deletion is held");
}

}  // namespace

int runApprove(Client const& client, ApproveWish const& wish) {
  if (wish.deletions) {
    auto const reply = client.get("/v1/status");
    if (reply.status != 200) return refused(reply.error());
    return approveDeletions(client, reply.json());
  }
  if (!isTargetName(wish.target)) {
    std::fprintf(stderr, "kms-secretctl: a secret is named NAMESPACE/NAME\n");
    return exitUsage;
  }
  auto const reply = client.get("/v1/targets/" + wish.target);
  if (reply.status != 200) return refused(reply.error());
  auto const target = reply.json();
  return approve(client, objectIn(target, "held"), {{"target", wish.target}});
}

}  // namespace kms_secretd::ctl

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>

#include "control/view.hpp"

namespace kms_secretd::control {

/// A snapshot with one target in each state and two stores.
inline Snapshot exampleSnapshot() {
  using namespace std::chrono_literals;
  sdk::WallTime const now{1'790'000'000s};
  Snapshot all{.version = "1.2.3",
               .instance = "default",
               .started = now - 1h,
               .now = now,
               .loaded = true,
               .queue = {.due = 2, .lag = 1500ms, .underWay = 1, .idleWorkers = 31}};
  all.rounds.byOutcome = {{"created", 3}, {"fetch_failed", 2}};
  all.rounds.buckets = {{100ms, 3}, {1000ms, 1}};
  all.rounds.longer = 1;
  all.rounds.total = 4s;
  all.clusters = {{.name = "default", .server = "https://k8s:6443", .observe = "watch"}};
  all.clusters[0].login = ExpiryView{.what = "client certificate", .at = now + 24h};
  all.clusters[0].calls = {{.verb = "patch", .code = 200, .calls = 7}};
  all.clusters[0].events = {{"written", 9}, {"dropped", 2}};
  all.stores = {{.name = "broken", .backend = "kms-endpoint", .breakerOpen = true, .rate = 10},
                {.name = "good", .backend = "kms-endpoint", .rate = 10}};
  all.stores[0].calls = {{.outcome = "timed_out", .calls = 5, .time = 75s}};
  all.stores[0].waited = 2500ms;
  all.stores[1].identity = "access_key, access key id ...x7Qp";
  all.stores[1].credential = ExpiryView{.what = "client key k", .at = now + 48h};
  all.targets = {{.id = {.namespaceName = "a", .name = "contested"},
                  .state = TargetState::contested,
                  .contest = "held: password by kubectl-edit",
                  .since = now - 5min,
                  .lastSuccess = now - 1min,
                  .rounds = 9},
                 {.id = {.namespaceName = "a", .name = "failing"},
                  .state = TargetState::failing,
                  .cause = "timed_out",
                  .message = "store broken: no answer",
                  .remedy = "look at the network",
                  .since = now - 10min,
                  .lastSuccess = now - 12min,
                  .rounds = 4},
                 {.id = {.namespaceName = "a", .name = "good"},
                  .state = TargetState::in_sync,
                  .since = now - 1h,
                  .lastSuccess = now - 30s,
                  .rounds = 2},
                 {.id = {.namespaceName = "b", .name = "held"},
                  .state = TargetState::held,
                  .cause = "keys_would_drop",
                  .message = "more than half of the Secret's keys would be dropped at once",
                  .remedy = "kms-secretctl approve b/held",
                  .held = HeldView{.change = "a1b2c3d4", .drops = {"password", "user"}},
                  .since = now - 2min,
                  .lastSuccess = now - 3min,
                  .rounds = 5},
                 {.id = {.namespaceName = "b", .name = "pending"}}};
  all.clusters[0].heldDeletions = HeldView{.change = "0f1e2d3c", .drops = {"a/x", "a/y"}};
  return all;
}

}  // namespace kms_secretd::control

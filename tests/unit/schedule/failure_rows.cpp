// SPDX-License-Identifier: Apache-2.0
#include "failure_rows.hpp"

#include <algorithm>
#include <cstdlib>

namespace schedule_test {
namespace {

using namespace std::chrono_literals;
using core::KubeFailureKind;
using core::OutcomeKind;
using core::PlanReason;
using schedule::GateEffect;
using schedule::WaitRule;
using sdk::FailureKind;

FailureRow read(FailureKind kind, char const* when, WaitRule wait, GateEffect effect) {
  core::Outcome ended{.kind = OutcomeKind::fetch_failed};
  ended.fetchFailure = sdk::Failure{.kind = kind};
  return {Peer::store, nameOf(kind), when, ended, wait, effect};
}

FailureRow write(KubeFailureKind kind, char const* when, WaitRule wait, GateEffect effect) {
  core::Outcome ended{.kind = OutcomeKind::apply_failed};
  ended.kubeFailure = core::KubeFailure{.kind = kind};
  return {Peer::cluster, nameOf(kind), when, ended, wait, effect};
}

FailureRow refusal(PlanReason reason, char const* when, WaitRule wait) {
  core::Outcome ended{.kind = OutcomeKind::refused, .planReason = reason};
  return {Peer::nobody, nameOf(reason), when, ended, wait, GateEffect::answered};
}

std::vector<FailureRow> readRows() {
  using enum FailureKind;
  return {
      read(not_found, "the secret, its version or its stage does not exist", WaitRule::slow,
           GateEffect::answered),
      read(permission_denied, "the identity may not read the secret", WaitRule::slow,
           GateEffect::answered),
      read(unauthenticated, "credentials are missing, refused or expired", WaitRule::one_minute,
           GateEffect::stop_minute),
      read(throttled, "the service asks for fewer calls", WaitRule::retry_after,
           GateEffect::halve_rate),
      read(unavailable, "no connection, connection lost, 5xx", WaitRule::backoff,
           GateEffect::unanswered),
      read(timed_out, "no answer within the store's timeout", WaitRule::backoff,
           GateEffect::unanswered),
      read(invalid_request, "the service will never take this request", WaitRule::slow,
           GateEffect::answered),
      read(invalid_response, "the answer breaks the protocol", WaitRule::slow,
           GateEffect::answered),
      read(internal, "a fault on our side, such as memory running out", WaitRule::backoff,
           GateEffect::none),
  };
}

std::vector<FailureRow> writeRows() {
  using enum KubeFailureKind;
  constexpr auto lives = GateEffect::answered;
  return {
      write(changed, "somebody changed the Secret since it was looked at",
            WaitRule::at_once_then_backoff, lives),
      write(contested, "another manager holds keys of ours", WaitRule::heal_pacing, lives),
      write(foreign, "a create met a Secret that is not ours", WaitRule::interval, lives),
      write(type_differs, "the type differs, or the Secret is immutable", WaitRule::interval,
            lives),
      write(invalid, "the API server rejects the object", WaitRule::interval, lives),
      write(forbidden, "RBAC or an admission rule forbids it", WaitRule::five_minutes, lives),
      write(namespace_absent, "the namespace is missing or being deleted", WaitRule::one_minute,
            lives),
      write(unauthenticated, "the login is refused or expired", WaitRule::one_minute,
            GateEffect::stop_minute),
      write(throttled, "the API server asks for fewer requests", WaitRule::retry_after, lives),
      write(unavailable, "no connection, TLS failure, 5xx", WaitRule::retry_after,
            GateEffect::unanswered),
      write(timed_out, "no answer within the cluster's timeout", WaitRule::backoff,
            GateEffect::unanswered),
      write(server_too_old, "the server is older than Kubernetes 1.20", WaitRule::one_minute,
            GateEffect::stop_minute),
      write(invalid_response, "not what an API server answers", WaitRule::backoff, lives),
  };
}

std::vector<FailureRow> otherRows() {
  FailureRow render{Peer::nobody, "render_failed", "the values cannot become a Secret",
                    {},           WaitRule::slow,  GateEffect::answered};
  render.ended.kind = OutcomeKind::render_failed;
  auto held = refusal(PlanReason::keys_would_drop,
                      "most keys of the Secret would go at once, and nobody approved that",
                      WaitRule::interval);
  held.ended.kind = OutcomeKind::held;
  return {
      render,
      held,
      refusal(PlanReason::foreign, "the Secret belongs to somebody else", WaitRule::interval),
      refusal(PlanReason::other_instance, "the Secret belongs to another instance",
              WaitRule::interval),
      refusal(PlanReason::type_differs, "the type differs and recreate is not set",
              WaitRule::interval),
      refusal(PlanReason::namespace_absent, "the namespace is missing or being deleted",
              WaitRule::one_minute),
      refusal(PlanReason::terminating, "the Secret is being deleted", WaitRule::backoff),
      refusal(PlanReason::contested, "heals keep being undone", WaitRule::heal_pacing),
  };
}

}  // namespace

std::vector<FailureRow> failureRows() {
  auto rows = readRows();
  for (auto& row : writeRows()) rows.push_back(row);
  for (auto& row : otherRows()) rows.push_back(row);
  return rows;
}

std::vector<WaitRow> waitRows() {
  return {
      {WaitRule::at_once_then_backoff,
       "at once, then 5 s, doubling up to the interval",
       {0s, 5s, 10s, 10s},
       {0s, 5s, 10s, 20s},
       {0s, 5s, 10s, 20s}},
      {WaitRule::backoff,
       "5 s, doubling up to the interval",
       {5s, 10s, 10s, 10s},
       {5s, 10s, 20s, 40s},
       {5s, 10s, 20s, 40s}},
      {WaitRule::slow,
       "the interval, at least 2 and at most 15 minutes",
       {2min, 2min, 2min, 2min},
       {10min, 10min, 10min, 10min},
       {15min, 15min, 15min, 15min}},
      {WaitRule::interval,
       "the interval",
       {10s, 10s, 10s, 10s},
       {10min, 10min, 10min, 10min},
       {1h, 1h, 1h, 1h}},
      {WaitRule::five_minutes,
       "5 minutes",
       {5min, 5min, 5min, 5min},
       {5min, 5min, 5min, 5min},
       {5min, 5min, 5min, 5min}},
      {WaitRule::one_minute,
       "1 minute",
       {1min, 1min, 1min, 1min},
       {1min, 1min, 1min, 1min},
       {1min, 1min, 1min, 1min}},
      {WaitRule::retry_after,
       "what the server asks for; 5 s, doubling up to the interval, where that is longer",
       {5s, 10s, 10s, 10s},
       {5s, 10s, 20s, 40s},
       {5s, 10s, 20s, 40s}},
      {WaitRule::heal_pacing,
       "when the next heal is due: at once, then 20 s, doubling",
       {0s, 20s, 40s, 80s},
       {0s, 20s, 40s, 80s},
       {0s, 20s, 40s, 80s}},
  };
}

WaitRow waitRow(WaitRule rule) {
  auto const rows = waitRows();
  auto const at = std::ranges::find(rows, rule, &WaitRow::rule);
  if (at == rows.end()) std::abort();
  return *at;
}

std::string wordsOf(GateEffect effect, Peer peer) {
  switch (effect) {
    case GateEffect::unanswered:
      return std::string("five in a row: all wait but for one probe after 5 s, doubling up to ") +
             "60 s; the first answer lets them on";
    case GateEffect::halve_rate:
      return "the store's rate halves, then grows 10 % a minute";
    case GateEffect::stop_minute:
      return peer == Peer::store ? "all wait 60 s, or until the credentials change"
                                 : "all wait 60 s, or until the login changes";
    case GateEffect::answered:
    case GateEffect::none:
      return "go on";
  }
  return {};
}

}  // namespace schedule_test

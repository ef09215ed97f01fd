// SPDX-License-Identifier: Apache-2.0
// The words that logs, metrics and the status use: they are an interface and never change.
#include "core/due.hpp"
#include "core/kube_failure.hpp"
#include "core/outcome.hpp"
#include "core/plan.hpp"

namespace kms_secretd::core {

char const* nameOf(DueReason reason) noexcept {
  switch (reason) {
    case DueReason::never_seen:
      return "never_seen";
    case DueReason::changed:
      return "changed";
    case DueReason::forced:
      return "forced";
    case DueReason::drifted:
      return "drifted";
    case DueReason::refresh:
      return "refresh";
  }
  return "unknown";
}

char const* nameOf(Action action) noexcept {
  switch (action) {
    case Action::leave:
      return "leave";
    case Action::create:
      return "create";
    case Action::update:
      return "update";
    case Action::heal:
      return "heal";
    case Action::adopt:
      return "adopt";
    case Action::recreate:
      return "recreate";
    case Action::withdraw:
      return "withdraw";
    case Action::refuse:
      return "refuse";
    case Action::prune:
      return "prune";
    case Action::hold:
      return "hold";
  }
  return "unknown";
}

char const* nameOf(PlanReason reason) noexcept {
  switch (reason) {
    case PlanReason::in_sync:
      return "in_sync";
    case PlanReason::absent:
      return "absent";
    case PlanReason::value_changed:
      return "value_changed";
    case PlanReason::definition_changed:
      return "definition_changed";
    case PlanReason::not_seen_applied:
      return "not_seen_applied";
    case PlanReason::ownership_lost:
      return "ownership_lost";
    case PlanReason::recreated_by_other:
      return "recreated_by_other";
    case PlanReason::adopted:
      return "adopted";
    case PlanReason::merged:
      return "merged";
    case PlanReason::type_differs:
      return "type_differs";
    case PlanReason::foreign:
      return "foreign";
    case PlanReason::other_instance:
      return "other_instance";
    case PlanReason::terminating:
      return "terminating";
    case PlanReason::namespace_absent:
      return "namespace_absent";
    case PlanReason::not_permitted:
      return "not_permitted";
    case PlanReason::contested:
      return "contested";
    case PlanReason::foreign_keys:
      return "foreign_keys";
    case PlanReason::keys_would_drop:
      return "keys_would_drop";
  }
  return "unknown";
}

char const* nameOf(OutcomeKind kind) noexcept {
  switch (kind) {
    case OutcomeKind::created:
      return "created";
    case OutcomeKind::updated:
      return "updated";
    case OutcomeKind::healed:
      return "healed";
    case OutcomeKind::adopted:
      return "adopted";
    case OutcomeKind::recreated:
      return "recreated";
    case OutcomeKind::unchanged:
      return "unchanged";
    case OutcomeKind::held:
      return "held";
    case OutcomeKind::refused:
      return "refused";
    case OutcomeKind::fetch_failed:
      return "fetch_failed";
    case OutcomeKind::render_failed:
      return "render_failed";
    case OutcomeKind::apply_failed:
      return "apply_failed";
    case OutcomeKind::cancelled:
      return "cancelled";
  }
  return "unknown";
}

char const* nameOf(KubeFailureKind kind) noexcept {
  switch (kind) {
    case KubeFailureKind::changed:
      return "changed";
    case KubeFailureKind::contested:
      return "contested";
    case KubeFailureKind::foreign:
      return "foreign";
    case KubeFailureKind::type_differs:
      return "type_differs";
    case KubeFailureKind::invalid:
      return "invalid";
    case KubeFailureKind::forbidden:
      return "forbidden";
    case KubeFailureKind::namespace_absent:
      return "namespace_absent";
    case KubeFailureKind::unauthenticated:
      return "unauthenticated";
    case KubeFailureKind::throttled:
      return "throttled";
    case KubeFailureKind::unavailable:
      return "unavailable";
    case KubeFailureKind::timed_out:
      return "timed_out";
    case KubeFailureKind::invalid_response:
      return "invalid_response";
    case KubeFailureKind::server_too_old:
      return "server_too_old";
    case KubeFailureKind::cancelled:
      return "cancelled";
  }
  return "unknown";
}

}  // namespace kms_secretd::core

// SPDX-License-Identifier: Apache-2.0
#include "report/cluster_events.hpp"

#include "report/reporter.hpp"

namespace kms_secretd::report {
namespace {

using core::KubeFailureKind;
using core::Outcome;
using core::OutcomeKind;
using core::PlanReason;

constexpr std::string_view cutMark = "...";

struct Kind {
  char const* reason;
  bool warning;
};

// Whether users of the cluster can be told at all, and have something to do with it: a server that
// is silent, overrun or refuses us would not take an Event either.
bool concernsTheSecret(core::KubeFailure const& failure) {
  switch (failure.kind) {
    case KubeFailureKind::contested:
    case KubeFailureKind::foreign:
    case KubeFailureKind::type_differs:
    case KubeFailureKind::invalid:
    case KubeFailureKind::forbidden:
    case KubeFailureKind::invalid_response:
      return true;
    case KubeFailureKind::changed:
    case KubeFailureKind::namespace_absent:
    case KubeFailureKind::unauthenticated:
    case KubeFailureKind::throttled:
    case KubeFailureKind::unavailable:
    case KubeFailureKind::timed_out:
    case KubeFailureKind::server_too_old:
    case KubeFailureKind::cancelled:
      return false;
  }
  return false;
}

bool contested(Outcome const& outcome) {
  return outcome.planReason == PlanReason::contested ||
         (outcome.kubeFailure && outcome.kubeFailure->kind == KubeFailureKind::contested);
}

std::optional<Kind> kindOf(Outcome const& outcome, bool failedBefore) {
  if (outcome.kubeFailure && !concernsTheSecret(*outcome.kubeFailure)) return std::nullopt;
  switch (outcome.kind) {
    case OutcomeKind::created:
      return Kind{"Created", false};
    case OutcomeKind::updated:
      return Kind{"Updated", false};
    case OutcomeKind::healed:
      return outcome.contested ? Kind{"Contested", true} : Kind{"Healed", false};
    case OutcomeKind::adopted:
      return Kind{"Adopted", false};
    case OutcomeKind::recreated:
      return Kind{"Recreated", false};
    case OutcomeKind::unchanged:
      return failedBefore ? std::optional(Kind{"Recovered", false}) : std::nullopt;
    case OutcomeKind::refused:
      if (outcome.planReason == PlanReason::namespace_absent) return std::nullopt;
      return Kind{contested(outcome) ? "Contested" : "Refused", true};
    case OutcomeKind::held:
      return Kind{"Held", true};
    case OutcomeKind::fetch_failed:
      return Kind{"FetchFailed", true};
    case OutcomeKind::render_failed:
      return Kind{"RenderFailed", true};
    case OutcomeKind::apply_failed:
      return Kind{contested(outcome) ? "Contested" : "ApplyFailed", true};
    case OutcomeKind::cancelled:
      return std::nullopt;
  }
  return std::nullopt;
}

// Half a character at the cut is no character.
std::string cut(std::string text) {
  if (text.size() <= core::maxEventMessage) return text;
  auto end = core::maxEventMessage - cutMark.size();
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
  text.resize(end);
  return text.append(cutMark);
}

}  // namespace

std::optional<core::ClusterEvent> clusterEventOf(Outcome const& outcome, bool failedBefore) {
  auto const kind = kindOf(outcome, failedBefore);
  if (!kind) return std::nullopt;
  return core::ClusterEvent{.about = outcome.target,
                            .uid = outcome.uid,
                            .warning = kind->warning,
                            .reason = kind->reason,
                            .message = {}};
}

// The journal's sentence without the Secret's name, which an Event carries beside it.
std::string messageOf(Outcome const& outcome) {
  auto text = sentenceOf(outcome);
  auto const prefix = outcome.target.text() + ": ";
  if (text.starts_with(prefix)) text.erase(0, prefix.size());
  if (!text.empty() && text.front() >= 'a' && text.front() <= 'z') {
    text.front() = static_cast<char>(text.front() - 'a' + 'A');
  }
  return cut(std::move(text));
}

}  // namespace kms_secretd::report

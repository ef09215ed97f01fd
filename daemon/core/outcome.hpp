// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <kms-secretd/clock.hpp>
#include <kms-secretd/failure.hpp>

#include "core/due.hpp"
#include "core/key_changes.hpp"
#include "core/kube_failure.hpp"
#include "core/names.hpp"
#include "core/plan.hpp"
#include "core/record.hpp"

namespace kms_secretd::core {

/// How a round ended.
enum class OutcomeKind {
  created,
  updated,
  healed,
  adopted,
  recreated,
  unchanged,
  held,           ///< would drop too much at once; nothing was written
  refused,        ///< a plan of action refuse, or a create that met somebody else's object
  fetch_failed,   ///< a read failed; nothing was written
  render_failed,  ///< the values cannot become a Secret; nothing was written
  apply_failed,   ///< the API server did not take it
  cancelled,      ///< the daemon stops
};

/// A change that waits for somebody's approval.
struct HeldChange {
  std::string approval{};            ///< names exactly this change (approvalOf)
  std::vector<std::string> drops{};  ///< names of what would go, sorted
  friend bool operator==(HeldChange const&, HeldChange const&) = default;
};

/// The stable name of an outcome for logs, metrics and status; never null.
[[nodiscard]] char const* nameOf(OutcomeKind kind) noexcept;

/// What became of one round: for the schedule (waits) and the report (words).
struct Outcome {
  TargetId target{};
  OutcomeKind kind = OutcomeKind::unchanged;
  DueReason dueReason = DueReason::refresh;
  PlanReason planReason = PlanReason::in_sync;
  std::string message{};              ///< what, which, why; no value
  std::string remedy{};               ///< what to do; empty where all is well
  std::vector<std::string> notes{};   ///< what is good to know though all is well; no value
  std::optional<SourceRef> source{};  ///< of a fetch failure
  std::optional<sdk::Failure> fetchFailure{};
  std::optional<KubeFailure> kubeFailure{};
  std::optional<HeldChange> held{};  ///< where the kind is held
  /// Which keys changed, where the round wrote; or found written what an earlier one sent.
  std::optional<KeyChanges> keyChanges{};
  AppliedRecord record{};     ///< to remember; as before where nothing was applied
  bool fixedForever = false;  ///< every read is pinned, Generic, and got the version asked for
  bool contested = false;     ///< heals of the target keep being undone (rules 3)
  /// From the round's end until each planned rotation of its sources; negative: it is late.
  std::vector<sdk::Milliseconds> untilRotations{};
  sdk::Milliseconds duration{0};
  std::string uid{};               ///< of the Secret as last seen; empty = none is known
  std::uint32_t kubeRequests = 0;  ///< that the round sent to the API server

  /// True if the Secret is known to equal its sources.
  [[nodiscard]] bool inSync() const noexcept { return kind <= OutcomeKind::unchanged; }
};

}  // namespace kms_secretd::core

// SPDX-License-Identifier: Apache-2.0
#include "plan/blast_guard.hpp"

#include <string>
#include <utility>
#include <vector>

#include "core/approval.hpp"
#include "core/marks.hpp"
#include "plan/ownership.hpp"

namespace kms_secretd::plan {
namespace {

using core::Action;

/// True for what leaves the Secret without the dropped keys.
bool drops(Action action) {
  return action == Action::update || action == Action::heal || action == Action::adopt ||
         action == Action::recreate;
}

std::string approvalFor(core::TargetId const& id, std::vector<std::string> dropped) {
  dropped.insert(dropped.begin(), id.cluster + ":" + id.namespaceName + "/" + id.name);
  return core::approvalOf(dropped);
}

}  // namespace

std::optional<core::HeldChange> heldChange(PlanInput const& input, core::Plan const& plan) {
  if (!drops(plan.action)) return std::nullopt;
  // A plan to recreate lists none: all that is not declared goes with the old object.
  auto dropped = plan.action == Action::recreate ? droppedKeys(input) : plan.droppedKeys;
  auto const kept = keptKeys(input);
  if (dropped.empty() || (dropped.size() <= kept && !input.keys.empty())) return std::nullopt;
  auto approval = approvalFor(input.definition.id, dropped);
  if (approval == input.approved || approval == input.definition.approve) return std::nullopt;
  return core::HeldChange{.approval = std::move(approval), .drops = std::move(dropped)};
}

}  // namespace kms_secretd::plan

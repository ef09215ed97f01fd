// SPDX-License-Identifier: Apache-2.0
#include "plan/decide.hpp"

#include <algorithm>
#include <optional>

#include "core/marks.hpp"
#include "plan/blast_guard.hpp"
#include "plan/ownership.hpp"

namespace kms_secretd::plan {
namespace {

namespace marks = core::marks;
using core::Action;
using core::Plan;
using core::PlanReason;

Plan planOf(PlanInput const& input, Action action, PlanReason reason) {
  Plan plan;
  plan.action = action;
  plan.reason = reason;
  plan.uid = input.observed.uid;
  plan.resourceVersion = input.observed.resourceVersion;
  return plan;
}

Plan refuse(PlanInput const& input, PlanReason reason, std::string detail) {
  auto plan = planOf(input, Action::refuse, reason);
  plan.detail = std::move(detail);
  return plan;
}

std::string join(std::vector<std::string> const& words) {
  std::string text;
  for (auto const& word : words) text += (text.empty() ? "" : ", ") + word;
  return text;
}

std::string heldDetail(Holdings const& holdings) {
  auto held = holdings.coHeld;
  held.insert(held.end(), holdings.strange.begin(), holdings.strange.end());
  return held.empty() ? "keys or labels of ours were removed" : "held: " + join(held);
}

/// Why the content has to be written although nobody touched it, or nothing.
std::optional<PlanReason> contentReason(PlanInput const& input) {
  if (!sameDefinition(input) || !droppedKeys(input).empty()) return PlanReason::definition_changed;
  // The values in the cluster cannot be read and nothing derived from them is kept there, so a new
  // process writes each Secret once: an equal apply leaves even the resourceVersion as it was.
  if (!input.record.digest) return PlanReason::not_seen_applied;
  if (*input.record.digest != input.digest) return PlanReason::value_changed;
  if (input.record.definitionHash != input.definition.hash) return PlanReason::definition_changed;
  return std::nullopt;
}

bool otherType(PlanInput const& input) {
  return input.observed.type && *input.observed.type != input.definition.type;
}

std::string typeDetail(PlanInput const& input) {
  return "is " + *input.observed.type + ", wanted " + input.definition.type;
}

Plan writing(PlanInput const& input, Action action, PlanReason reason) {
  auto plan = planOf(input, action, reason);
  plan.droppedKeys = droppedKeys(input);
  // Declared as long as our entry holds it: leaving it out of an apply would remove it. Once
  // somebody else has set it, it is theirs (rules 1: not fought for).
  auto const* ours = input.observed.appliedBy(marks::fieldManager(input.instance));
  plan.claimCreated = ours != nullptr &&
                      std::ranges::find(ours->labels, marks::managedByLabel) != ours->labels.end();
  return plan;
}

Plan decideAbsent(PlanInput const& input) {
  if (input.definition.creation == core::CreationPolicy::merge) {
    return refuse(input, PlanReason::absent, "merge only adds keys to a Secret that exists");
  }
  Plan plan;
  plan.action = Action::create;
  plan.reason = PlanReason::absent;
  plan.claimCreated = true;
  return plan;
}

Plan decideTypeDiffers(PlanInput const& input) {
  if (!input.definition.recreate) {
    return refuse(input, PlanReason::type_differs, typeDetail(input));
  }
  auto plan = planOf(input, Action::recreate, PlanReason::type_differs);
  plan.claimCreated = true;
  plan.detail = typeDetail(input);
  return plan;
}

/// Others added keys to a Secret of ours that is as it should be. Paced as heals are: who adds them
/// may add them again.
Plan decidePruning(PlanInput const& input) {
  auto foreign = foreignKeys(input);
  if (input.definition.foreignKeys == core::ForeignKeys::keep || foreign.empty()) {
    return planOf(input, Action::leave, PlanReason::in_sync);
  }
  auto const detail = "added: " + join(foreign) + " by " + otherManagers(input);
  if (!input.mayForce) return refuse(input, PlanReason::contested, detail);
  auto plan = planOf(input, Action::prune, PlanReason::foreign_keys);
  plan.foreignKeys = std::move(foreign);
  plan.detail = detail;
  return plan;
}

bool anotherUid(PlanInput const& input) {
  return !input.record.uid.empty() && input.record.uid != input.observed.uid;
}

Plan decideOurs(PlanInput const& input) {
  if (otherType(input)) return decideTypeDiffers(input);
  auto const holdings = holdingsOf(input);
  auto const content = contentReason(input);
  bool const drifted = anotherUid(input) || holdings.lost;
  if (!drifted && !content) return decidePruning(input);

  auto const drift =
      anotherUid(input) ? PlanReason::recreated_by_other : PlanReason::ownership_lost;
  if (drifted && !input.mayForce) {
    return refuse(input, PlanReason::contested, heldDetail(holdings));
  }
  // Force takes all that we declare at once, so it is used only where all of it was ours before; a
  // key that never was stays with its holder and the server's 409 names it.
  bool const force =
      input.mayForce && holdings.strange.empty() && (drifted || !holdings.coHeld.empty());
  auto plan = writing(input, force ? Action::heal : Action::update, drifted ? drift : *content);
  if (drifted || force) plan.detail = heldDetail(holdings);
  return plan;
}

Plan decideForeign(PlanInput const& input) {
  auto const detail = "held by " + otherManagers(input);
  if (input.definition.adopt == core::AdoptPolicy::never && claimUnsettled(input)) {
    auto plan = planOf(input, Action::withdraw, PlanReason::foreign);
    plan.detail = detail;
    return plan;
  }
  if (input.definition.adopt == core::AdoptPolicy::never) {
    return refuse(input, PlanReason::foreign, detail);
  }
  if (otherType(input)) return refuse(input, PlanReason::type_differs, typeDetail(input));
  // Adopted before and foreign again: somebody takes it back, so the pacing of heals holds.
  if (!input.record.uid.empty() && !input.mayForce) {
    return refuse(input, PlanReason::contested, detail);
  }
  auto plan = planOf(input, Action::adopt, PlanReason::adopted);
  plan.detail = detail;
  return plan;
}

Plan decideMerge(PlanInput const& input) {
  auto const holdings = holdingsOf(input);
  if (!holdings.lost && !contentReason(input)) {
    return planOf(input, Action::leave, PlanReason::in_sync);
  }
  if (holdings.lost && input.record.digest && !input.mayForce) {
    return refuse(input, PlanReason::contested, heldDetail(holdings));
  }
  bool const held = !holdings.coHeld.empty() || !holdings.strange.empty();
  bool const takes = held && input.definition.adopt != core::AdoptPolicy::never;
  auto plan = writing(input, takes ? Action::adopt : Action::update, PlanReason::merged);
  if (held) plan.detail = heldDetail(holdings);
  return plan;
}

/// What is to be done, if nothing is too much at once.
Plan wanted(PlanInput const& input) {
  auto const& observed = input.observed;
  if (observed.namespaceAbsent) return refuse(input, PlanReason::namespace_absent, "");
  if (!observed.exists) return decideAbsent(input);
  if (observed.terminating) return refuse(input, PlanReason::terminating, "");
  auto const owner = ownerOf(input);
  if (owner == Owner::other_instance) {
    return refuse(input, PlanReason::other_instance,
                  "instance " + observed.labels.at(marks::instanceLabel));
  }
  if (input.definition.creation == core::CreationPolicy::merge) return decideMerge(input);
  return owner == Owner::ours ? decideOurs(input) : decideForeign(input);
}

}  // namespace

Plan decide(PlanInput const& input) {
  auto plan = wanted(input);
  auto held = heldChange(input, plan);
  if (!held) return plan;
  auto waiting = planOf(input, Action::hold, PlanReason::keys_would_drop);
  waiting.droppedKeys = std::move(held->drops);
  waiting.approval = std::move(held->approval);
  waiting.detail = "would drop " + join(waiting.droppedKeys);
  return waiting;
}

}  // namespace kms_secretd::plan

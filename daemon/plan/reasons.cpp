// SPDX-License-Identifier: Apache-2.0
#include "plan/reasons.hpp"

#include <array>
#include <cstddef>

namespace kms_secretd::plan {
namespace {

using core::PlanReason;

constexpr std::array<ReasonText, 18> texts{{
    {PlanReason::in_sync, "values, definition and ownership are as they should be", ""},
    {PlanReason::absent, "the Secret does not exist", ""},
    {PlanReason::value_changed, "a value differs from what was last applied", ""},
    {PlanReason::definition_changed, "the definition differs from what was last applied", ""},
    {PlanReason::not_seen_applied, "this process has not applied the Secret yet", ""},
    {PlanReason::ownership_lost, "others changed or removed what this instance declares",
     "find out who edits the Secret; the values are restored"},
    {PlanReason::recreated_by_other, "somebody deleted the Secret and made it anew",
     "find out who recreates the Secret; the values are restored"},
    {PlanReason::adopted, "the Secret was not made by kms-secretd and the definition adopts it",
     ""},
    {PlanReason::merged, "the definition merges its keys into a Secret that others own", ""},
    {PlanReason::type_differs, "the Secret has another type than the definition",
     "set recreate = true to have it deleted and made anew, or delete it yourself"},
    {PlanReason::foreign, "the Secret exists and was not made by kms-secretd",
     "choose another name, delete the Secret, or set adopt = \"if-equal\" or \"force\""},
    {PlanReason::other_instance, "the Secret belongs to another kms-secretd instance",
     "let one instance own it: remove one of the two definitions or use another name"},
    {PlanReason::terminating, "the Secret is being deleted; a finalizer still holds it",
     "wait, or find out which controller owns the finalizer"},
    {PlanReason::namespace_absent, "the namespace does not exist or is being deleted",
     "create the namespace; the Secret follows by itself"},
    {PlanReason::contested, "others changed the Secret again soon after it was restored",
     "stop the other writer, or remove its keys from the definition"},
    {PlanReason::not_permitted, "a policy keeps the store from feeding the Secret",
     "change the definition, or the [[policy]]"},
    {PlanReason::foreign_keys, "others added keys to the Secret and the definition removes such",
     "find out who adds the keys; they are removed"},
    {PlanReason::keys_would_drop, "more than half of the Secret's keys would be dropped at once",
     "see that the sources are what they should be; if it is meant, approve exactly this change"},
}};

constexpr bool inOrder() {
  for (std::size_t i = 0; i < texts.size(); ++i) {
    if (static_cast<std::size_t>(texts[i].reason) != i) return false;
  }
  return static_cast<std::size_t>(PlanReason::keys_would_drop) + 1 == texts.size();
}
static_assert(inOrder(), "every reason has its row, in the order of the enum");

}  // namespace

std::span<ReasonText const> reasonTexts() noexcept { return texts; }

ReasonText const& textOf(PlanReason reason) noexcept {
  return texts[static_cast<std::size_t>(reason)];
}

}  // namespace kms_secretd::plan

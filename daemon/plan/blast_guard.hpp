// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "core/outcome.hpp"
#include "core/plan.hpp"
#include "plan/decide.hpp"

namespace kms_secretd::plan {

/// What `plan` would drop, if that is too much to happen without somebody's word: more than half of
/// the keys that we declared so far, or all there are to be. Nothing where it is less, or where
/// exactly this change was approved. Whether a definition or a source changed makes no difference:
/// who mounts the Secret loses the keys either way.
[[nodiscard]] std::optional<core::HeldChange> heldChange(PlanInput const& input,
                                                         core::Plan const& plan);

}  // namespace kms_secretd::plan

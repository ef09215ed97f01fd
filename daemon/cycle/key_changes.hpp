// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "apply/perform.hpp"
#include "core/definition.hpp"
#include "core/key_changes.hpp"
#include "core/observed.hpp"
#include "core/plan.hpp"
#include "core/record.hpp"
#include "core/rendered.hpp"

namespace kms_secretd::cycle {

/// A plan that was performed, with all that was known before. The references outlive the call.
struct PerformedPlan {
  core::TargetDefinition const& definition;
  core::Rendered const& rendered;  ///< with its prints
  core::Plan const& plan;
  core::Observed const& observed;     ///< before
  core::AppliedRecord const& record;  ///< before
  apply::Applied const& done;
  std::string instance = "default";
};

/// Which keys the write changed, from the prints of what this process applied last and from who
/// held what before and after. What cannot be known is said to be unknown. Where the server had it
/// all already: what differs from the record, for then an earlier write had lost its answer;
/// nothing if that is nothing. Pure.
[[nodiscard]] std::optional<core::KeyChanges> keyChangesOf(PerformedPlan const& performed);

}  // namespace kms_secretd::cycle

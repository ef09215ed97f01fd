// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "core/definition.hpp"
#include "core/observed.hpp"
#include "core/plan.hpp"
#include "core/record.hpp"

namespace kms_secretd::plan {

/// All that a decision hangs on. The references outlive the call.
struct PlanInput {
  core::TargetDefinition const& definition;
  core::Digest digest{};            ///< of what was rendered
  std::vector<std::string> keys{};  ///< the data keys that were rendered
  core::Observed const& observed;
  core::AppliedRecord const& record;
  std::string instance = "default";
  bool mayForce = false;   ///< the pacing of heals lets one go now (rules 3)
  std::string approved{};  ///< a held change that was approved besides the definition's
};

/// What is to be done with one target: the write table (rules 2) and drift (rules 3) as a pure
/// function. Every input has an answer; what makes no sense is refused or written idempotently.
[[nodiscard]] core::Plan decide(PlanInput const& input);

}  // namespace kms_secretd::plan

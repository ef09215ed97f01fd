// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "config/problem.hpp"
#include "config/target_fields.hpp"
#include "core/definition.hpp"

namespace kms_secretd::config {

/// Takes over what a [[secret]] and its [defaults] say of how the Secret is treated: who owns it,
/// what may be deleted and when.
void readPolicies(TargetFields const& fields, core::TargetDefinition& target);

/// Finds policies that contradict each other.
void checkPolicies(core::TargetDefinition const& target, Findings& findings);

}  // namespace kms_secretd::config

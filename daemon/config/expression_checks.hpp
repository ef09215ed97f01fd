// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "config/section.hpp"
#include "config/syntax.hpp"
#include "core/definition.hpp"

namespace kms_secretd::config {

/// Has the expressions of one secret judged; each fault is told at its place within the text.
void checkExpressions(core::TargetDefinition const& target, CheckedTable const& secret,
                      FileContext const& file);

}  // namespace kms_secretd::config

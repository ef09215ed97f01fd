// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "config/section.hpp"
#include "config/syntax.hpp"
#include "core/definition.hpp"

namespace kms_secretd::config {

/// Checks what one secret says of its values: names, expressions (by the file's judge), keys that
/// stand twice, names that nothing has, keys that its type demands.
void checkValues(core::TargetDefinition const& target, CheckedTable const& secret,
                 FileContext const& file);

}  // namespace kms_secretd::config

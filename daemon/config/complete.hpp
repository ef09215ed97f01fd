// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "config/problem.hpp"
#include "config/section.hpp"

namespace kms_secretd::config {

/// The default of an option as a value; nothing if it has none or its text is no value of its type.
[[nodiscard]] std::optional<sdk::OptionValue> defaultOf(sdk::OptionDeclaration const& option);

/// Fills in defaults, also in nested tables, and tells of required options that are missing. A
/// table that was left out is made from defaults where no member is required and one has a default.
void complete(CheckedTable& table, Section const& section, Findings& findings);

}  // namespace kms_secretd::config

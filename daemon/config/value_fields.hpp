// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "config/section.hpp"
#include "config/target_fields.hpp"
#include "core/definition.hpp"

namespace kms_secretd::config {

/// Fills in what a [[secret]] says of its values: data, extractions, templates and builds, without
/// their checks.
void readValues(TargetFields const& fields, CheckedTable const& secret,
                core::TargetDefinition& target);

/// The last segment of a source's name: the key where none is given.
[[nodiscard]] std::string lastSegment(std::string const& source);

}  // namespace kms_secretd::config

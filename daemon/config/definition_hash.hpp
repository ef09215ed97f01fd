// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "core/definition.hpp"

namespace kms_secretd::config {

/// A canonical text of what a definition asks for: equal for equal definitions on every node,
/// whatever file they stand in and however they are ordered. Without values, places and interval
/// (how often to look is no part of what the Secret is: a new interval must not write 10,000
/// annotations). The definition hash is the SHA-256 of this text.
[[nodiscard]] std::string canonicalText(core::TargetDefinition const& target);

}  // namespace kms_secretd::config

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "config/expressions.hpp"

namespace kms_secretd::app {

/// Judges the expressions of a configuration by what will run them: config knows no language and
/// transform no configuration. Pure; any thread.
[[nodiscard]] std::optional<config::ExpressionFault> judgeExpression(
    config::Expression const& expression);

}  // namespace kms_secretd::app

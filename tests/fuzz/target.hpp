// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>
#include <vector>

namespace kms_secretd::fuzz {

/// Feeds one input to the parser under test; must neither crash nor throw. Each target defines it.
void feed(std::string_view input);

/// Inputs to begin with: at least one that the parser accepts. Each target defines it.
[[nodiscard]] std::vector<std::string_view> seeds();

}  // namespace kms_secretd::fuzz

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kms_secretd::core {

/// Letters to insert, delete, replace or swap with their neighbour to get from `a` to `b`.
[[nodiscard]] std::size_t editDistance(std::string_view a, std::string_view b);

/// The candidate that `word` was probably meant to be; nothing if none is near. Case, "-" and "_"
/// do not count, so that `versionStage` finds `version_stage`. Of equally near ones the first.
[[nodiscard]] std::optional<std::string> nearest(std::string_view word,
                                                 std::vector<std::string> const& candidates);

}  // namespace kms_secretd::core

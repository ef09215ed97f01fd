// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "config/section.hpp"

namespace kms_secretd::config {

/// What to do about a key that `section` does not know: what users of ack-secret-manager mean by
/// it, the table that it belongs into, the nearest valid key, or the list of valid keys.
/// `alsoValid` are names that the section knows beside its declarations.
[[nodiscard]] std::string adviceFor(std::string_view key, Section const& section,
                                    std::vector<std::string> const& alsoValid);

}  // namespace kms_secretd::config

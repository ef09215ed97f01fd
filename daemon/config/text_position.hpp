// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string_view>

#include "core/names.hpp"

namespace kms_secretd::config {

/// The place in the file of byte `offset` of a TOML string that begins (with its quotes) at
/// `start`, escapes and line breaks counted in; `start` itself where no string is there.
[[nodiscard]] core::Origin placeInString(std::string_view file, core::Origin const& start,
                                         std::size_t offset);

}  // namespace kms_secretd::config

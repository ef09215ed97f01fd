// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace kms_secretd::transform {

/// Appends `text` as a JSON string in quotes. Only what JSON demands is escaped: control
/// characters, quotes and backslashes; all other bytes stay as they are.
void appendJsonString(std::string& out, std::string_view text);

}  // namespace kms_secretd::transform

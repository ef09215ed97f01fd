// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace kms_secretd::kms_instance_endpoint {

/// True if `text` is UTF-8 (RFC 3629): no overlong form, no surrogate, nothing above U+10FFFF.
/// Protobuf's text is, and whoever sends something else has framed it wrongly.
[[nodiscard]] bool isUtf8(std::string_view text) noexcept;

}  // namespace kms_secretd::kms_instance_endpoint

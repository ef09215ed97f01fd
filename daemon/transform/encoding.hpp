// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <variant>

#include "core/value_entries.hpp"

namespace kms_secretd::transform {

/// Where a text breaks the rules of its encoding; shows nothing of it.
struct DecodeFault {
  std::size_t offset = 0;  ///< in bytes
  char const* message = "";
};

/// The bytes as text: base64 with padding, base64url without, hex in lower case; no line breaks.
[[nodiscard]] std::string encoded(core::Encoding encoding, std::string_view bytes);

/// The bytes that `text` stands for. Line breaks are skipped in base64, blanks nowhere; base64 must
/// be padded, base64url may be; bits that stand for nothing must be 0; hex may mix cases.
[[nodiscard]] std::variant<std::string, DecodeFault> decoded(core::Encoding encoding,
                                                             std::string_view text);

/// "base64", ...: as the configuration names it.
[[nodiscard]] char const* nameOf(core::Encoding encoding) noexcept;

}  // namespace kms_secretd::transform

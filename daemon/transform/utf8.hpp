// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

/// UTF-8 by code points. A byte that belongs to none counts as one of its own. Pure; any thread.
namespace kms_secretd::transform {

/// True if every byte belongs to a code point: no overlong forms, no surrogates.
[[nodiscard]] bool isUtf8(std::string_view text) noexcept;
/// How many code points `text` has.
[[nodiscard]] std::size_t codePoints(std::string_view text) noexcept;
/// The code points in reverse order.
[[nodiscard]] std::string reversed(std::string_view text);
/// `text`, where a byte that belongs to no code point is the code point of its number (Latin-1).
[[nodiscard]] std::string latinAsUtf8(std::string_view text);

}  // namespace kms_secretd::transform

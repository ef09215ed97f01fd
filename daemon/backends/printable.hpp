// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace kms_secretd::backends {

/// `text` as it may stand in a log line: control characters become blanks, bytes that are not
/// UTF-8 become '?', and what is over `maxBytes` is cut between characters. Any thread.
[[nodiscard]] std::string printable(std::string_view text, std::size_t maxBytes);

/// True if printable() would change nothing.
[[nodiscard]] bool isPrintable(std::string_view text, std::size_t maxBytes) noexcept;

/// The text at `text` up to `maxBytes`, its end or null: for C strings whose end is not trusted.
[[nodiscard]] std::string boundedText(char const* text, std::size_t maxBytes);

}  // namespace kms_secretd::backends

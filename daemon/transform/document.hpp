// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <variant>

#include "transform/value.hpp"

/// From bytes to a value. Pure; any thread; nothing here throws but std::bad_alloc.
namespace kms_secretd::transform {

inline constexpr std::size_t maxDocumentBytes = std::size_t{1} << 20;
inline constexpr std::size_t maxDocumentDepth = 64;
inline constexpr std::size_t maxDocumentNodes = 100'000;  ///< aliases count with all they stand for

/// Why a text cannot be read, and where. The message never repeats content.
struct ReadFault {
  std::string message{};
  std::size_t line = 1;        ///< from 1
  std::size_t column = 1;      ///< from 1, in bytes
  bool otherLanguage = false;  ///< the text breaks the grammar; another language may fit

  /// "line 1, column 2: message".
  [[nodiscard]] std::string text() const;
};

using ReadResult = std::variant<Value, ReadFault>;

/// Reads JSON (RFC 8259): strict, UTF-8; a member that stands twice is an error, as is what goes
/// beyond the limits above.
[[nodiscard]] ReadResult readJson(std::string_view text);

/// Reads one document of YAML 1.2 with the core schema: 0o17 is octal and 017 is not, dates are
/// strings, .inf and .nan are errors, keys are scalars and taken as text. Anchors work within the
/// limits, and so does the merge key `<<` (a mapping's own members win, then the first merged one).
/// Tags other than the core schema's are errors, as is a second document.
[[nodiscard]] ReadResult readYaml(std::string_view text);

/// Reads JSON where it is JSON, else YAML.
[[nodiscard]] ReadResult readDocument(std::string_view text);

}  // namespace kms_secretd::transform

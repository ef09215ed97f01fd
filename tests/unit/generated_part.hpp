// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace kms_secretd::tests {

/// The marks of a part of a page that is made from tables which tests prove.
struct GeneratedPart {
  std::string begin{};  ///< a whole line, newline included
  std::string end{};    ///< a whole line, newline included
};

/// `page` with `text` between the marks instead of what stood there; all else stays.
/// Throws std::runtime_error where the marks are missing or turned round.
[[nodiscard]] std::string withGenerated(std::string const& page, GeneratedPart const& part,
                                        std::string const& text);

/// The whole file. Throws std::runtime_error where it cannot be read.
[[nodiscard]] std::string contentOf(std::string const& path);

/// Writes the whole file. Throws std::runtime_error where it cannot be written.
void writeContent(std::string const& path, std::string const& text);

/// `text` with a capital first letter.
[[nodiscard]] std::string capital(std::string text);

}  // namespace kms_secretd::tests

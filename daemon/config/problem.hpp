// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/names.hpp"

namespace kms_secretd::config {

/// One thing that is wrong or doubtful in the configuration. Never carries the text of a secret.
struct Problem {
  core::Origin origin{};  ///< line 0 = the file as a whole
  std::string what{};     ///< what is wrong, in words of the file
  std::string hint{};     ///< the nearest valid key or how to mend it; may be empty

  /// "file:line:column: what; hint".
  [[nodiscard]] std::string text() const;
};

/// Collects the findings of all files of one load. Not thread-safe; lives for one load.
class Findings {
 public:
  /// Something that makes the configuration unusable.
  void error(core::Origin origin, std::string what, std::string hint = {});
  /// Something that is allowed and probably not meant.
  void warning(core::Origin origin, std::string what, std::string hint = {});
  /// True if there was no error.
  [[nodiscard]] bool clean() const noexcept { return errors_.empty() && suppressed_ == 0; }

  /// The errors in the order of `files`, then of their lines. At most 1,000; one more line tells
  /// how many were left out.
  [[nodiscard]] std::vector<Problem> errorsInOrder(std::vector<std::string> const& files) const;
  /// The warnings, likewise.
  [[nodiscard]] std::vector<Problem> warningsInOrder(std::vector<std::string> const& files) const;

 private:
  std::vector<Problem> errors_;
  std::vector<Problem> warnings_;
  std::size_t suppressed_ = 0;
};

/// `text` for a message: in single quotes, control characters escaped, cut after 80 bytes.
[[nodiscard]] std::string shown(std::string_view text);

/// "a, b or c".
[[nodiscard]] std::string oneOf(std::vector<std::string> const& words);

}  // namespace kms_secretd::config

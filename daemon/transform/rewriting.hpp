// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include <re2/re2.h>

#include "core/value_entries.hpp"
#include "transform/syntax_fault.hpp"

/// Names of members on their way to keys. Pure; any thread.
namespace kms_secretd::transform {

/// What is wrong with an RE2 pattern (https://github.com/google/re2/wiki/Syntax); nothing if it is
/// good.
[[nodiscard]] std::optional<SyntaxFault> patternFault(std::string_view pattern);

/// What is wrong with a replacement for that pattern: $1, $name, ${1} and ${name} stand for its
/// groups (a name is as long as it can be, so write ${1}x), $$ for $; a group that the pattern does
/// not have is a fault. This is Go's syntax, which ack-secret-manager has.
[[nodiscard]] std::optional<SyntaxFault> replacementFault(std::string_view pattern,
                                                          std::string_view replacement);

/// A compiled pattern with its replacement.
class Rewrite {
 public:
  /// Both must be good, see above.
  Rewrite(std::string_view pattern, std::string_view replacement);
  /// `text` with every match replaced, from left to right, as Go's ReplaceAllString does.
  [[nodiscard]] std::string apply(std::string_view text) const;

 private:
  using Piece = std::variant<std::string, int>;  // literal, or number of a group
  void append(std::string& out, std::vector<re2::StringPiece> const& groups) const;

  std::unique_ptr<re2::RE2> pattern_;
  std::vector<Piece> pieces_{};
};

/// The way from a member's name to a key, compiled: which members, and their new names.
class KeyRules {
 public:
  /// The patterns must be good.
  explicit KeyRules(core::Extraction const& extraction);
  /// The key of a member; nothing if it is left out.
  [[nodiscard]] std::optional<std::string> keyOf(std::string_view member) const;

 private:
  std::vector<std::unique_ptr<re2::RE2>> include_{};
  std::vector<std::unique_ptr<re2::RE2>> exclude_{};
  std::string stripPrefix_;
  std::vector<Rewrite> rewrites_{};
  std::string addPrefix_;
};

}  // namespace kms_secretd::transform

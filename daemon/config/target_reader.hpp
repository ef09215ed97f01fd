// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <toml++/toml.h>

#include <vector>

#include "config/file_draft.hpp"
#include "config/syntax.hpp"

namespace kms_secretd::config {

/// Reads [defaults] of one file, or stands for it where there is none, and then the file's
/// [[secret]] tables.
class TargetReader {
 public:
  /// `defaults` is the file's [defaults]; null = none.
  TargetReader(FileContext const& file, toml::node const* defaults);

  /// All [[secret]] of `node` that are well formed; the faults of the others are among the
  /// findings.
  [[nodiscard]] std::vector<TargetDraft> readAll(toml::node const& node);
  /// Where [defaults] stands; line 0 = there is none.
  [[nodiscard]] core::Origin const& defaultsOrigin() const noexcept { return defaults_.origin; }
  /// The types that mint tokens, where this file asks for them.
  [[nodiscard]] std::vector<TokenType> const& tokenTypes() const noexcept { return tokenTypes_; }

 private:
  CheckedTable readDefaults(toml::node const* node);
  std::vector<TargetDraft> readChecked(toml::array const& tables);
  core::TargetDefinition definitionOf(CheckedTable const& secret) const;
  void checkTarget(TargetDraft const& draft, CheckedTable const& secret) const;

  void noteType(CheckedTable const& table);

  FileContext file_;
  std::vector<TokenType> tokenTypes_{};
  CheckedTable defaults_;
};

}  // namespace kms_secretd::config

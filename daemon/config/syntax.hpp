// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <toml++/toml.h>

#include <optional>
#include <string>

#include "config/expressions.hpp"
#include "config/problem.hpp"
#include "config/source_text.hpp"

namespace kms_secretd::config {

/// The file that a table was read from, and where to tell of its faults.
struct FileContext {
  SourceText const& source;
  Findings& findings;
  ExpressionCheck const* expressions = nullptr;  ///< null = expressions are taken as they are

  /// The place of a node or key in this file.
  [[nodiscard]] core::Origin at(toml::source_region const& region) const;
};

/// Parses one file. Nothing if it is no TOML; the reason is then among the findings, without the
/// text of any value.
[[nodiscard]] std::optional<toml::table> parseToml(FileContext const& file);

}  // namespace kms_secretd::config

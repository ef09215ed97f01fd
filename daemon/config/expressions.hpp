// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kms_secretd::config {

/// What an expression in the configuration is written in.
enum class Language : std::uint8_t {
  jmespath,
  pattern,      ///< RE2
  replacement,  ///< of what `pattern` matches
  template_text,
};

/// One expression to be judged.
struct Expression {
  Language language = Language::jmespath;
  std::string_view text{};
  std::string_view pattern{};                       ///< of a replacement
  std::vector<std::string> const* names = nullptr;  ///< that a template may use; null = not known
};

/// What is wrong with an expression, and where in it.
struct ExpressionFault {
  std::size_t offset = 0;  ///< in bytes, from 0
  std::string message{};
};

/// This room knows none of the languages: whoever loads a configuration brings the judge. Nothing
/// if the expression is good.
using ExpressionCheck = std::function<std::optional<ExpressionFault>(Expression const&)>;

}  // namespace kms_secretd::config

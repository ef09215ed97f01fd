// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace kms_secretd::tests {

/// The line after which the generated part of docs/rules.md begins, and the one that ends it.
inline constexpr char const* generatedBegin =
    "<!-- generated from tests/unit/plan/rows.cpp by rules-doc: begin -->\n";
inline constexpr char const* generatedEnd = "<!-- generated: end -->\n";

/// The write table and the reasons as Markdown, from the rows that decide_test.cpp proves.
[[nodiscard]] std::string rulesTables();

/// `page` with the generated part made anew. Throws std::runtime_error where its marks are missing.
[[nodiscard]] std::string withTables(std::string const& page);

}  // namespace kms_secretd::tests

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "generated_part.hpp"

namespace kms_secretd::tests {

/// Where the generated part of docs/rules.md stands.
inline GeneratedPart rulesPart() {
  return {.begin = "<!-- generated from tests/unit/plan/rows.cpp by rules-doc: begin -->\n",
          .end = "<!-- generated: end -->\n"};
}

/// The write table and the reasons as Markdown, from the rows that decide_test.cpp proves.
[[nodiscard]] std::string rulesTables();

}  // namespace kms_secretd::tests

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "generated_part.hpp"

namespace kms_secretd::tests {

/// Where the generated part of docs/ownership.md stands.
inline GeneratedPart ownershipPart() {
  return {.begin = "<!-- generated from the rows of tests/unit/plan by ownership-doc: begin -->\n",
          .end = "<!-- generated: end -->\n"};
}

/// Every policy's rows as Markdown, from those that decide_test.cpp and orphans_test.cpp prove.
[[nodiscard]] std::string ownershipTables();

}  // namespace kms_secretd::tests

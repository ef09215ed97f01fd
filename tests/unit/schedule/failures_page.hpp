// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "generated_part.hpp"

namespace schedule_test {

/// Where the failure table stands in docs/rules.md.
inline kms_secretd::tests::GeneratedPart failuresPart() {
  return {
      .begin =
          "<!-- generated from tests/unit/schedule/failure_rows.cpp by failures-doc: begin -->\n",
      .end = "<!-- generated failures: end -->\n"};
}

/// The failure table as Markdown, from the rows that failures_test.cpp proves.
[[nodiscard]] std::string failuresTable();

}  // namespace schedule_test

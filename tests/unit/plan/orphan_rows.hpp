// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

namespace kms_secretd::tests {

/// One row about Secrets whose definition is gone: a situation, and what becomes of them.
struct OrphanRow {
  char const* when;
  char const* done;         ///< what the page says
  std::string (*decide)();  ///< the same, as it is decided
};

/// Every row, in the order in which docs/ownership.md shows them.
[[nodiscard]] std::vector<OrphanRow> const& orphanRows();

}  // namespace kms_secretd::tests

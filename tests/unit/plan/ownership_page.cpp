// SPDX-License-Identifier: Apache-2.0
#include "ownership_page.hpp"

#include "orphan_rows.hpp"
#include "world.hpp"

namespace kms_secretd::tests {
namespace {

std::string policies() {
  std::string text = "| policy | when | what is done | reason |\n|---|---|---|---|\n";
  for (auto const& group : rowGroups()) {
    for (auto const& row : group.rows) {
      if (std::string(group.policy).empty()) continue;
      text += std::string("| `") + group.policy + "` | " + capital(row.when) + " | " +
              core::nameOf(row.action) + " | `" + core::nameOf(row.reason) + "` |\n";
    }
  }
  return text;
}

std::string deletions() {
  std::string text = "| a Secret of ours has no definition any more | it |\n|---|---|\n";
  for (auto const& row : orphanRows()) {
    text += "| " + capital(row.when) + " | " + row.done + " |\n";
  }
  return text;
}

}  // namespace

std::string ownershipTables() { return "\n" + policies() + "\n" + deletions() + "\n"; }

}  // namespace kms_secretd::tests

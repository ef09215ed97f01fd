// SPDX-License-Identifier: Apache-2.0
#include "rules_page.hpp"

#include "plan/reasons.hpp"
#include "world.hpp"

namespace kms_secretd::tests {
namespace {

std::string situations() {
  std::string text = "| when | what is done | reason |\n|---|---|---|\n";
  for (auto const& row : rows()) {
    text += "| " + capital(row.when) + " | " + core::nameOf(row.action) + " | `" +
            core::nameOf(row.reason) + "` |\n";
  }
  return text;
}

std::string reasons() {
  std::string text = "| reason | meaning | what to do |\n|---|---|---|\n";
  for (auto const& [reason, meaning, remedy] : plan::reasonTexts()) {
    text += std::string("| `") + core::nameOf(reason) + "` | " + capital(meaning) + " | " +
            capital(remedy) + " |\n";
  }
  return text;
}

}  // namespace

std::string rulesTables() { return "\n" + situations() + "\n" + reasons() + "\n"; }

}  // namespace kms_secretd::tests

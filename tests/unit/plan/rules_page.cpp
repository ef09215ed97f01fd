// SPDX-License-Identifier: Apache-2.0
#include "rules_page.hpp"

#include <stdexcept>

#include "plan/reasons.hpp"
#include "world.hpp"

namespace kms_secretd::tests {
namespace {

std::string capital(std::string text) {
  if (!text.empty() && text.front() >= 'a' && text.front() <= 'z') text.front() -= 'a' - 'A';
  return text;
}

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

std::string withTables(std::string const& page) {
  auto const begin = page.find(generatedBegin);
  auto const end = page.find(generatedEnd);
  if (begin == std::string::npos || end == std::string::npos || end < begin) {
    throw std::runtime_error("the page lacks the marks of its generated part");
  }
  auto const from = begin + std::string(generatedBegin).size();
  return page.substr(0, from) + rulesTables() + page.substr(end);
}

}  // namespace kms_secretd::tests

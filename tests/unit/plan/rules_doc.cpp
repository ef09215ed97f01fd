// SPDX-License-Identifier: Apache-2.0
// rules-doc FILE: makes the part of docs/rules.md that tells what is decided anew.
#include <exception>
#include <iostream>

#include "rules_page.hpp"

int main(int argc, char** argv) {
  using namespace kms_secretd::tests;
  if (argc != 2) {
    std::cerr << "usage: rules-doc docs/rules.md\n";
    return 2;
  }
  try {
    writeContent(argv[1], withGenerated(contentOf(argv[1]), rulesPart(), rulesTables()));
  } catch (std::exception const& error) {
    std::cerr << "rules-doc: " << error.what() << "\n";
    return 1;
  }
  return 0;
}

// SPDX-License-Identifier: Apache-2.0
// ownership-doc FILE: makes the tables of docs/ownership.md anew.
#include <exception>
#include <iostream>

#include "ownership_page.hpp"

int main(int argc, char** argv) {
  using namespace kms_secretd::tests;
  if (argc != 2) {
    std::cerr << "usage: ownership-doc docs/ownership.md\n";
    return 2;
  }
  try {
    writeContent(argv[1], withGenerated(contentOf(argv[1]), ownershipPart(), ownershipTables()));
  } catch (std::exception const& error) {
    std::cerr << "ownership-doc: " << error.what() << "\n";
    return 1;
  }
  return 0;
}

// SPDX-License-Identifier: Apache-2.0
// failures-doc FILE: makes the failure table of docs/rules.md anew.
#include <exception>
#include <iostream>

#include "failures_page.hpp"

int main(int argc, char** argv) {
  using namespace kms_secretd::tests;
  if (argc != 2) {
    std::cerr << "usage: failures-doc docs/rules.md\n";
    return 2;
  }
  try {
    writeContent(argv[1], withGenerated(contentOf(argv[1]), schedule_test::failuresPart(),
                                        schedule_test::failuresTable()));
  } catch (std::exception const& error) {
    std::cerr << "failures-doc: " << error.what() << "\n";
    return 1;
  }
  return 0;
}

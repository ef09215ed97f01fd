// SPDX-License-Identifier: Apache-2.0
// rules-doc FILE: makes the generated part of docs/rules.md anew.
#include <exception>
#include <fstream>
#include <iostream>
#include <sstream>
#include <stdexcept>

#include "rules_page.hpp"

namespace {

void rewrite(char const* path) {
  std::ifstream in(path, std::ios::binary);
  std::stringstream page;
  page << in.rdbuf();
  if (!in) throw std::runtime_error(std::string("cannot read ") + path);
  auto const text = kms_secretd::tests::withTables(page.str());
  std::ofstream out(path, std::ios::binary | std::ios::trunc);
  out << text;
  if (!out.flush()) throw std::runtime_error(std::string("cannot write ") + path);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::cerr << "usage: rules-doc docs/rules.md\n";
    return 2;
  }
  try {
    rewrite(argv[1]);
  } catch (std::exception const& error) {
    std::cerr << "rules-doc: " << error.what() << "\n";
    return 1;
  }
  return 0;
}

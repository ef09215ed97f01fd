// SPDX-License-Identifier: Apache-2.0
// events-doc CATALOGUE PAGE: makes the journal's catalogue and the table of events anew.
#include <exception>
#include <fstream>
#include <iostream>
#include <sstream>
#include <stdexcept>

#include "events_pages.hpp"

namespace {

std::string readAll(char const* path) {
  std::ifstream in(path, std::ios::binary);
  std::stringstream text;
  text << in.rdbuf();
  if (!in) throw std::runtime_error(std::string("cannot read ") + path);
  return text.str();
}

void write(char const* path, std::string const& text) {
  std::ofstream out(path, std::ios::binary | std::ios::trunc);
  out << text;
  if (!out.flush()) throw std::runtime_error(std::string("cannot write ") + path);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) {
    std::cerr << "usage: events-doc systemd/kms-secretd.catalog docs/troubleshoot.md\n";
    return 2;
  }
  try {
    write(argv[1], kms_secretd::tests::journalCatalogue());
    write(argv[2], kms_secretd::tests::withEvents(readAll(argv[2])));
  } catch (std::exception const& error) {
    std::cerr << "events-doc: " << error.what() << "\n";
    return 1;
  }
  return 0;
}

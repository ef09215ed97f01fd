// SPDX-License-Identifier: Apache-2.0
#include "generated_part.hpp"

#include <fstream>
#include <sstream>
#include <stdexcept>

namespace kms_secretd::tests {

std::string withGenerated(std::string const& page, GeneratedPart const& part,
                          std::string const& text) {
  auto const begin = page.find(part.begin);
  auto const end = begin == std::string::npos ? begin : page.find(part.end, begin);
  if (end == std::string::npos) {
    throw std::runtime_error("the page lacks the marks of its generated part: " + part.begin);
  }
  auto made = page.substr(0, begin + part.begin.size());
  made += text;
  made += page.substr(end);
  return made;
}

std::string contentOf(std::string const& path) {
  std::ifstream in(path, std::ios::binary);
  std::stringstream text;
  text << in.rdbuf();
  if (!in) throw std::runtime_error("cannot read " + path);
  return text.str();
}

void writeContent(std::string const& path, std::string const& text) {
  std::ofstream out(path, std::ios::binary | std::ios::trunc);
  out << text;
  if (!out.flush()) throw std::runtime_error("cannot write " + path);
}

std::string capital(std::string text) {
  if (!text.empty() && text.front() >= 'a' && text.front() <= 'z') text.front() -= 'a' - 'A';
  return text;
}

}  // namespace kms_secretd::tests

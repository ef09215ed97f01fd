// SPDX-License-Identifier: Apache-2.0
#include "conformance/temporary_directory.hpp"

#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>

namespace kms_secretd::conformance {

TemporaryDirectory::TemporaryDirectory() {
  auto pattern = (std::filesystem::temp_directory_path() / "kms-secretd-test-XXXXXX").string();
  if (::mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("no directory " + pattern);
  path_ = pattern;
  ::chmod(path_.c_str(), 0755);
}

TemporaryDirectory::~TemporaryDirectory() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

void TemporaryDirectory::write(std::string const& name, std::string_view bytes) const {
  auto const beside = at(name) + ".new";
  std::ofstream out(beside, std::ios::binary);
  out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  out.close();
  if (!out) throw std::runtime_error("cannot write " + beside);
  ::chmod(beside.c_str(), 0644);
  std::filesystem::rename(beside, at(name));
}

void TemporaryDirectory::copyPlugin(std::string const& source, std::string const& name) const {
  std::filesystem::copy_file(source, at(name));
  ::chmod(at(name).c_str(), 0755);
}

std::string bytesOf(std::string const& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) throw std::runtime_error("cannot read " + path);
  return {std::istreambuf_iterator<char>(in), {}};
}

}  // namespace kms_secretd::conformance

// SPDX-License-Identifier: Apache-2.0
#include "alicloud/ca_file.hpp"

#include <cstddef>
#include <fstream>
#include <ios>

#include <kms-secretd/plugin.hpp>

namespace kms_secretd::alicloud {
namespace {

constexpr std::size_t largestCaFile = 1024 * 1024;

}  // namespace

std::string readCaFile(std::string const& path, std::string const& option) {
  if (path.empty()) return {};
  std::ifstream file(path, std::ios::binary);
  std::string pem(largestCaFile + 1, '\0');
  file.read(pem.data(), static_cast<std::streamsize>(pem.size()));
  pem.resize(static_cast<std::size_t>(file.gcount()));
  // A directory opens as well; only reading it fails.
  if (!file.is_open() || file.bad() || pem.empty()) {
    throw sdk::OptionError(option, option + ' ' + path + " cannot be read or is empty");
  }
  if (pem.size() > largestCaFile) {
    throw sdk::OptionError(option, option + ' ' + path + " is larger than 1 MiB");
  }
  if (pem.find("-----BEGIN CERTIFICATE-----") == std::string::npos) {
    throw sdk::OptionError(option, option + ' ' + path + " holds no PEM certificate");
  }
  return pem;
}

}  // namespace kms_secretd::alicloud

// SPDX-License-Identifier: Apache-2.0
#include <sys/random.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <system_error>

#include "app/leadership.hpp"

namespace kms_secretd::app {
namespace {

bool isPlain(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
         c == '.';
}

std::string hostName() {
  std::array<char, 256> buffer{};
  if (::gethostname(buffer.data(), buffer.size() - 1) != 0) return "unknown";
  std::string name(buffer.data());
  name.resize(std::min<std::size_t>(name.size(), 63));
  for (char& c : name) {
    if (!isPlain(c)) c = '-';
  }
  return name.empty() ? "unknown" : name;
}

}  // namespace

ProcessIdentity drawIdentity() {
  std::array<unsigned char, 5> bytes{};
  if (::getrandom(bytes.data(), bytes.size(), 0) != static_cast<ssize_t>(bytes.size())) {
    throw std::system_error(errno, std::generic_category(), "the kernel gives no random bytes");
  }
  std::string random;
  for (auto const byte : bytes) {
    random += "0123456789abcdef"[byte >> 4U];
    random += "0123456789abcdef"[byte & 15U];
  }
  return {.node = hostName(), .random = random};
}

}  // namespace kms_secretd::app

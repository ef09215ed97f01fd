// SPDX-License-Identifier: Apache-2.0
#include "core/approval.hpp"

#include <array>
#include <cstdint>
#include <cstdio>

namespace kms_secretd::core {

// FNV-1a: it need not resist anybody, for who could choose the names could write the Secret.
std::string approvalOf(std::vector<std::string> const& what) {
  std::uint64_t hash = 14695981039346656037U;
  auto const add = [&hash](unsigned char byte) { hash = (hash ^ byte) * 1099511628211U; };
  for (auto const& text : what) {
    for (char const c : text) add(static_cast<unsigned char>(c));
    add('\n');
  }
  std::array<char, 9> digits{};
  std::snprintf(digits.data(), digits.size(), "%08x",
                static_cast<std::uint32_t>(hash ^ (hash >> 32U)));
  return digits.data();
}

}  // namespace kms_secretd::core

// SPDX-License-Identifier: Apache-2.0
#include "kms-instance-endpoint/utf8.hpp"

#include <cstddef>

namespace kms_secretd::kms_instance_endpoint {
namespace {

// What may stand at the head of a character: how many bytes follow, and the range of the first of
// them, which is where overlong forms, surrogates and too large values show (RFC 3629, 4).
struct Head {
  std::size_t following = 0;
  unsigned char lowest = 0x80;
  unsigned char highest = 0xBF;
  bool good = true;
};

Head headOf(unsigned char byte) noexcept {
  if (byte < 0x80) return {};
  if (byte < 0xC2) return {.good = false};
  if (byte < 0xE0) return {.following = 1};
  if (byte == 0xE0) return {.following = 2, .lowest = 0xA0};
  if (byte == 0xED) return {.following = 2, .highest = 0x9F};
  if (byte < 0xF0) return {.following = 2};
  if (byte == 0xF0) return {.following = 3, .lowest = 0x90};
  if (byte < 0xF4) return {.following = 3};
  if (byte == 0xF4) return {.following = 3, .highest = 0x8F};
  return {.good = false};
}

// The length of the character at the start of `text`, or 0 if there is none.
std::size_t characterLength(std::string_view text) noexcept {
  auto const head = headOf(static_cast<unsigned char>(text.front()));
  if (!head.good || text.size() <= head.following) return 0;
  for (std::size_t i = 1; i <= head.following; ++i) {
    auto const byte = static_cast<unsigned char>(text[i]);
    auto const lowest = i == 1 ? head.lowest : 0x80;
    auto const highest = i == 1 ? head.highest : 0xBF;
    if (byte < lowest || byte > highest) return 0;
  }
  return head.following + 1;
}

}  // namespace

bool isUtf8(std::string_view text) noexcept {
  while (!text.empty()) {
    auto const length = characterLength(text);
    if (length == 0) return false;
    text.remove_prefix(length);
  }
  return true;
}

}  // namespace kms_secretd::kms_instance_endpoint

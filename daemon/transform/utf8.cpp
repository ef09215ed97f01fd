// SPDX-License-Identifier: Apache-2.0
#include "transform/utf8.hpp"

#include <algorithm>

namespace kms_secretd::transform {
namespace {

unsigned at(std::string_view text, std::size_t i) { return static_cast<unsigned char>(text[i]); }

// Length of the code point at the front by its first byte; 0 = none starts with it.
std::size_t announced(unsigned first) {
  if (first < 0x80) return 1;
  if (first >= 0xc2 && first < 0xe0) return 2;
  if (first >= 0xe0 && first < 0xf0) return 3;
  return first >= 0xf0 && first < 0xf5 ? 4 : 0;
}

// The second byte rules out overlong forms, surrogates and what is beyond U+10FFFF.
bool secondFits(unsigned first, unsigned second) {
  if (first == 0xe0) return second >= 0xa0;
  if (first == 0xed) return second < 0xa0;
  if (first == 0xf0) return second >= 0x90;
  return first != 0xf4 || second < 0x90;
}

// Length of the code point at the front of a text that is not empty; 0 = none is there.
std::size_t lengthOf(std::string_view text) {
  auto const length = announced(at(text, 0));
  if (length == 0 || length > text.size()) return 0;
  for (std::size_t i = 1; i < length; ++i) {
    if ((at(text, i) & 0xc0U) != 0x80) return 0;
  }
  return length == 1 || secondFits(at(text, 0), at(text, 1)) ? length : 0;
}

}  // namespace

bool isUtf8(std::string_view text) noexcept {
  while (!text.empty()) {
    auto const length = lengthOf(text);
    if (length == 0) return false;
    text.remove_prefix(length);
  }
  return true;
}

std::size_t codePoints(std::string_view text) noexcept {
  std::size_t count = 0;
  for (; !text.empty(); ++count) text.remove_prefix(std::max<std::size_t>(1, lengthOf(text)));
  return count;
}

std::string latinAsUtf8(std::string_view text) {
  std::string result;
  while (!text.empty()) {
    auto const length = lengthOf(text);
    if (length == 0) {
      result += static_cast<char>(0xc0U | (at(text, 0) >> 6U));
      result += static_cast<char>(0x80U | (at(text, 0) & 0x3fU));
    }
    result += text.substr(0, length);
    text.remove_prefix(std::max<std::size_t>(1, length));
  }
  return result;
}

std::string reversed(std::string_view text) {
  std::string result(text.size(), '\0');
  auto end = text.size();
  while (!text.empty()) {
    auto const length = std::max<std::size_t>(1, lengthOf(text));
    end -= length;
    std::ranges::copy(text.substr(0, length), result.begin() + static_cast<std::ptrdiff_t>(end));
    text.remove_prefix(length);
  }
  return result;
}

}  // namespace kms_secretd::transform

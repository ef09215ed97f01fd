// SPDX-License-Identifier: Apache-2.0
#include "backends/printable.hpp"

#include <cstring>

namespace kms_secretd::backends {

namespace {

unsigned char byteAt(std::string_view text, std::size_t at) noexcept {
  return static_cast<unsigned char>(text[at]);
}

/// Length that a UTF-8 lead byte announces; 0 for a byte that cannot lead.
std::size_t announced(unsigned char lead) noexcept {
  if (lead < 0x80) return 1;
  if (lead >= 0xC2 && lead <= 0xDF) return 2;
  if (lead >= 0xE0 && lead <= 0xEF) return 3;
  return lead >= 0xF0 && lead <= 0xF4 ? 4 : 0;
}

/// The second byte excludes overlong forms, surrogates and what is over U+10FFFF (RFC 3629).
bool secondFits(unsigned char lead, unsigned char second) noexcept {
  if (lead == 0xE0) return second >= 0xA0;
  if (lead == 0xED) return second <= 0x9F;
  if (lead == 0xF0) return second >= 0x90;
  return lead != 0xF4 || second <= 0x8F;
}

/// Length of the character at the front; 0 if it is none.
std::size_t characterLength(std::string_view text) noexcept {
  auto const length = announced(byteAt(text, 0));
  if (length == 0 || length > text.size()) return 0;
  for (std::size_t at = 1; at < length; ++at) {
    if ((byteAt(text, at) & 0xC0) != 0x80) return 0;
  }
  return length == 1 || secondFits(byteAt(text, 0), byteAt(text, 1)) ? length : 0;
}

/// C0, DEL and C1 (terminals act on all three).
bool isControl(std::string_view character) noexcept {
  auto const first = byteAt(character, 0);
  if (character.size() == 1) return first < 0x20 || first == 0x7F;
  return first == 0xC2 && byteAt(character, 1) < 0xA0;
}

}  // namespace

std::string printable(std::string_view text, std::size_t maxBytes) {
  std::string clean;
  while (!text.empty()) {
    auto const length = characterLength(text);
    auto const character = text.substr(0, length == 0 ? 1 : length);
    auto const shown = length == 0 ? "?" : isControl(character) ? " " : character;
    if (clean.size() + shown.size() > maxBytes) break;
    clean += shown;
    text.remove_prefix(character.size());
  }
  return clean;
}

bool isPrintable(std::string_view text, std::size_t maxBytes) noexcept {
  if (text.size() > maxBytes) return false;
  while (!text.empty()) {
    auto const length = characterLength(text);
    if (length == 0 || isControl(text.substr(0, length))) return false;
    text.remove_prefix(length);
  }
  return true;
}

std::string boundedText(char const* text, std::size_t maxBytes) {
  return text == nullptr ? std::string{} : printable({text, ::strnlen(text, maxBytes)}, maxBytes);
}

}  // namespace kms_secretd::backends

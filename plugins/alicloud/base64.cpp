// SPDX-License-Identifier: Apache-2.0
#include "alicloud/base64.hpp"

#include <array>
#include <cstddef>
#include <cstdint>

namespace kms_secretd::alicloud {
namespace {

constexpr std::uint8_t invalid = 0xFF;

constexpr std::array<std::uint8_t, 256> makeTable() {
  constexpr std::string_view alphabet =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::array<std::uint8_t, 256> table{};
  table.fill(invalid);
  for (std::size_t i = 0; i < alphabet.size(); ++i) {
    table[static_cast<unsigned char>(alphabet[i])] = static_cast<std::uint8_t>(i);
  }
  return table;
}

constexpr auto table = makeTable();

std::size_t paddingOf(std::string_view text) {
  if (text.ends_with("==")) return 2;
  return text.ends_with('=') ? 1 : 0;
}

// Joins up to four digits into 24 bits, missing ones as zero; nothing if one is not a digit.
std::optional<std::uint32_t> joinQuad(std::string_view quad) {
  std::uint32_t bits = 0;
  for (std::size_t i = 0; i < 4; ++i) {
    auto const digit =
        i < quad.size() ? table[static_cast<unsigned char>(quad[i])] : std::uint8_t{0};
    if (digit == invalid) return std::nullopt;
    bits = bits << 6U | digit;
  }
  return bits;
}

bool decodeQuad(std::string_view quad, char* out) {
  auto const bits = joinQuad(quad);
  if (!bits) return false;
  auto const count = quad.size() - 1;
  for (std::size_t i = 0; i < 3; ++i) {
    auto const byte = *bits >> (16U - 8U * i) & 0xFFU;
    if (i < count) out[i] = static_cast<char>(byte);
    // Bits beyond the last byte would decode to the same value as zeros: two texts for one value.
    if (i >= count && byte != 0) return false;
  }
  return true;
}

}  // namespace

std::optional<sdk::SecretBytes> decodeBase64(std::string_view text) {
  if (text.size() % 4 != 0) return std::nullopt;
  auto const padding = paddingOf(text);
  auto const digits = text.substr(0, text.size() - padding);
  sdk::SecretBytes out;
  out.resize(text.size() / 4 * 3 - padding);
  for (std::size_t at = 0; at < digits.size(); at += 4) {
    if (!decodeQuad(digits.substr(at, 4), out.writable() + at / 4 * 3)) return std::nullopt;
  }
  return out;
}

}  // namespace kms_secretd::alicloud

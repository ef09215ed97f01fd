// SPDX-License-Identifier: Apache-2.0
#include "kube/base64.hpp"

#include <array>
#include <cstdint>

namespace kms_secretd::kube {
namespace {

constexpr char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

constexpr std::array<std::int8_t, 256> makeValues() {
  std::array<std::int8_t, 256> values{};
  for (auto& value : values) value = -1;
  for (std::int8_t i = 0; i < 64; ++i) values[static_cast<unsigned char>(alphabet[i])] = i;
  return values;
}
constexpr auto values = makeValues();

std::uint32_t byteAt(std::string_view bytes, std::size_t at) noexcept {
  return at < bytes.size() ? static_cast<unsigned char>(bytes[at]) : 0U;
}

bool isBlank(char c) noexcept { return c == '\n' || c == '\r' || c == ' ' || c == '\t'; }

// Collects six bits at a time and hands out whole bytes.
class Decoder {
 public:
  explicit Decoder(sdk::SecretBytes& out) : out_(out) {}

  bool take(char c) {
    if (isBlank(c)) return true;
    if (c == '=') return ++padding_ <= 2;
    auto const value = values[static_cast<unsigned char>(c)];
    if (value < 0 || padding_ != 0) return false;
    bits_ = (bits_ << 6U) | static_cast<std::uint32_t>(value);
    ++digits_;
    if (digits_ % 4 != 1) put(static_cast<unsigned>(6 - 2 * ((digits_ - 1) % 4)));
    return true;
  }

  [[nodiscard]] bool complete() const noexcept {
    return (digits_ + padding_) % 4 == 0 && (padding_ == 0 || digits_ % 4 == 4U - padding_);
  }

 private:
  void put(unsigned shift) {
    char const byte = static_cast<char>((bits_ >> shift) & 0xFFU);
    out_.append({&byte, 1});
  }

  sdk::SecretBytes& out_;
  std::uint32_t bits_ = 0;
  std::size_t digits_ = 0;
  unsigned padding_ = 0;
};

}  // namespace

void appendBase64(sdk::SecretBytes& out, std::string_view bytes) {
  auto const start = out.size();
  out.resize(start + base64Size(bytes.size()));
  char* to = out.writable() + start;
  for (std::size_t at = 0; at < bytes.size(); at += 3) {
    auto const group =
        byteAt(bytes, at) << 16U | byteAt(bytes, at + 1) << 8U | byteAt(bytes, at + 2);
    *to++ = alphabet[group >> 18U];
    *to++ = alphabet[(group >> 12U) & 63U];
    *to++ = at + 1 < bytes.size() ? alphabet[(group >> 6U) & 63U] : '=';
    *to++ = at + 2 < bytes.size() ? alphabet[group & 63U] : '=';
  }
}

std::optional<sdk::SecretBytes> decodeBase64(std::string_view text) {
  sdk::SecretBytes bytes;
  bytes.reserve(text.size() / 4 * 3 + 3);
  Decoder decoder(bytes);
  for (char const c : text) {
    if (!decoder.take(c)) return std::nullopt;
  }
  if (!decoder.complete()) return std::nullopt;
  return bytes;
}

}  // namespace kms_secretd::kube

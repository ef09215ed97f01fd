// SPDX-License-Identifier: Apache-2.0
#include "transform/encoding.hpp"

#include <cstdint>

namespace kms_secretd::transform {
namespace {

using core::Encoding;

constexpr std::string_view standardDigits =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::string_view urlDigits =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
constexpr std::string_view hexDigits = "0123456789abcdef";

// Base64 and hex alike: digits of some bits each, from the highest bit on.
std::string digitsOf(std::string_view bytes, std::string_view digits, unsigned bits) {
  std::string text;
  std::uint32_t pending = 0;
  unsigned count = 0;
  for (char const c : bytes) {
    pending = (pending << 8U) | static_cast<unsigned char>(c);
    for (count += 8; count >= bits; count -= bits) {
      text += digits[(pending >> (count - bits)) & ((1U << bits) - 1U)];
    }
    pending &= (1U << count) - 1U;
  }
  if (count > 0) text += digits[(pending << (bits - count)) & ((1U << bits) - 1U)];
  return text;
}

// Collects digits and gives bytes.
class Collector {
 public:
  explicit Collector(unsigned bits) : bits_(bits) {}

  void add(std::size_t digit) {
    pending_ = (pending_ << bits_) | static_cast<std::uint32_t>(digit);
    count_ += bits_;
    ++digits_;
    if (count_ < 8) return;
    count_ -= 8;
    bytes_ += static_cast<char>((pending_ >> count_) & 0xffU);
    pending_ &= (1U << count_) - 1U;
  }

  [[nodiscard]] std::size_t digits() const { return digits_; }
  // True if what is left over is no whole digit, and all 0.
  [[nodiscard]] bool complete() const { return count_ < bits_ && pending_ == 0; }
  [[nodiscard]] std::string take() { return std::move(bytes_); }

 private:
  unsigned bits_;
  std::uint32_t pending_ = 0;
  unsigned count_ = 0;
  std::size_t digits_ = 0;
  std::string bytes_{};
};

std::variant<std::string, DecodeFault> fromBase64(std::string_view text, std::string_view digits,
                                                  bool paddingNeeded) {
  Collector collector(6);
  std::size_t padding = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\n' || text[i] == '\r') continue;
    if (text[i] == '=') {
      ++padding;
      continue;
    }
    auto const digit = digits.find(text[i]);
    if (digit == std::string_view::npos) return DecodeFault{i, "this is no base64 digit"};
    if (padding > 0) return DecodeFault{i, "something follows the padding"};
    collector.add(digit);
  }
  if (!collector.complete())
    return DecodeFault{text.size(), "the last digit is not a possible one"};
  auto const wanted = (4 - collector.digits() % 4) % 4;
  if (padding != wanted && (paddingNeeded || padding != 0)) {
    return DecodeFault{text.size(), "the padding with '=' is not as it must be"};
  }
  return collector.take();
}

std::variant<std::string, DecodeFault> fromHex(std::string_view text) {
  Collector collector(4);
  for (std::size_t i = 0; i < text.size(); ++i) {
    bool const upper = text[i] >= 'A' && text[i] <= 'F';
    auto const digit = hexDigits.find(upper ? static_cast<char>(text[i] - 'A' + 'a') : text[i]);
    if (digit == std::string_view::npos) return DecodeFault{i, "this is no hexadecimal digit"};
    collector.add(digit);
  }
  if (text.size() % 2 != 0) return DecodeFault{text.size(), "there is an odd number of digits"};
  return collector.take();
}

}  // namespace

std::string encoded(Encoding encoding, std::string_view bytes) {
  switch (encoding) {
    case Encoding::none:
      return std::string(bytes);
    case Encoding::base64: {
      auto text = digitsOf(bytes, standardDigits, 6);
      text.append((4 - text.size() % 4) % 4, '=');
      return text;
    }
    case Encoding::base64url:
      return digitsOf(bytes, urlDigits, 6);
    case Encoding::hex:
      return digitsOf(bytes, hexDigits, 4);
  }
  return {};
}

std::variant<std::string, DecodeFault> decoded(Encoding encoding, std::string_view text) {
  switch (encoding) {
    case Encoding::none:
      return std::string(text);
    case Encoding::base64:
      return fromBase64(text, standardDigits, true);
    case Encoding::base64url:
      return fromBase64(text, urlDigits, false);
    case Encoding::hex:
      return fromHex(text);
  }
  return std::string{};
}

char const* nameOf(Encoding encoding) noexcept {
  switch (encoding) {
    case Encoding::none:
      return "none";
    case Encoding::base64:
      return "base64";
    case Encoding::base64url:
      return "base64url";
    case Encoding::hex:
      return "hex";
  }
  return "none";
}

}  // namespace kms_secretd::transform

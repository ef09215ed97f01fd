// SPDX-License-Identifier: Apache-2.0
#include "kube/json_write.hpp"

#include <cstdint>
#include <string>

#include "kube/base64.hpp"

namespace kms_secretd::kube {
namespace {

struct CodePoint {
  std::uint32_t value = 0;
  std::size_t size = 0;  ///< bytes; 0 = not UTF-8
};

// Length and leading bits of a UTF-8 sequence by its first byte; size 0 where it cannot begin one.
CodePoint leading(unsigned char first) noexcept {
  if (first < 0x80) return {first, 1};
  if (first >= 0xC2 && first < 0xE0) return {first & 0x1FU, 2};
  if (first >= 0xE0 && first < 0xF0) return {first & 0x0FU, 3};
  if (first >= 0xF0 && first < 0xF5) return {first & 0x07U, 4};
  return {};
}

bool isScalar(CodePoint point) noexcept {
  if (point.size == 3) {
    return point.value >= 0x800 && (point.value < 0xD800 || point.value > 0xDFFF);
  }
  return point.size != 4 || (point.value >= 0x10000 && point.value <= 0x10FFFF);
}

CodePoint decode(std::string_view text) noexcept {
  auto point = leading(static_cast<unsigned char>(text[0]));
  if (point.size > text.size()) return {};
  for (std::size_t i = 1; i < point.size; ++i) {
    auto const next = static_cast<unsigned char>(text[i]);
    if ((next & 0xC0U) != 0x80U) return {};
    point.value = point.value << 6U | (next & 0x3FU);
  }
  return isScalar(point) ? point : CodePoint{};
}

// What JSON demands, and what YAML takes for a line break, a mark or an unprintable.
bool needsEscape(std::uint32_t value) noexcept {
  if (value < 0x20 || value == '"' || value == '\\') return true;
  if (value >= 0x7F && value < 0xA0) return true;
  return value == 0x2028 || value == 0x2029 || value == 0xFEFF || value == 0xFFFE ||
         value == 0xFFFF;
}

bool isPlainAscii(char c) noexcept { return c >= ' ' && c <= '~' && c != '"' && c != '\\'; }

// How many bytes at the front of `text` are written as they are.
std::size_t plainSize(std::string_view text) noexcept {
  std::size_t size = 0;
  while (size < text.size()) {
    if (isPlainAscii(text[size])) {
      ++size;
      continue;
    }
    auto const point = decode(text.substr(size));
    if (point.size == 0 || needsEscape(point.value)) break;
    size += point.size;
  }
  return size;
}

void appendEscape(sdk::SecretBytes& out, std::uint32_t value) {
  if (value == '"' || value == '\\') {
    char const pair[] = {'\\', static_cast<char>(value)};
    return out.append({pair, 2});
  }
  constexpr char digits[] = "0123456789abcdef";
  char const escape[] = {'\\',
                         'u',
                         digits[(value >> 12U) & 15U],
                         digits[(value >> 8U) & 15U],
                         digits[(value >> 4U) & 15U],
                         digits[value & 15U]};
  out.append({escape, sizeof escape});
}

// Writes the front of `text`, which is not plain. How many bytes that was.
std::size_t appendOther(sdk::SecretBytes& out, std::string_view text) {
  auto const point = decode(text);
  if (point.size == 0) {
    out.append("\\ufffd");
    return 1;
  }
  appendEscape(out, point.value);
  return point.size;
}

}  // namespace

void JsonWriter::separate() {
  if (needsComma_) out_.append(",");
  needsComma_ = false;
}

void JsonWriter::quoted(std::string_view value) {
  out_.append("\"");
  while (!value.empty()) {
    auto const plain = plainSize(value);
    out_.append(value.substr(0, plain));
    value.remove_prefix(plain);
    if (!value.empty()) value.remove_prefix(appendOther(out_, value));
  }
  out_.append("\"");
}

JsonWriter& JsonWriter::beginObject() {
  separate();
  out_.append("{");
  return *this;
}

JsonWriter& JsonWriter::endObject() {
  out_.append("}");
  needsComma_ = true;
  return *this;
}

JsonWriter& JsonWriter::beginArray() {
  separate();
  out_.append("[");
  return *this;
}

JsonWriter& JsonWriter::endArray() {
  out_.append("]");
  needsComma_ = true;
  return *this;
}

JsonWriter& JsonWriter::key(std::string_view name) {
  separate();
  quoted(name);
  out_.append(":");
  return *this;
}

JsonWriter& JsonWriter::text(std::string_view value) {
  separate();
  quoted(value);
  needsComma_ = true;
  return *this;
}

JsonWriter& JsonWriter::number(long long value) { return raw(std::to_string(value)); }

JsonWriter& JsonWriter::null() { return raw("null"); }

JsonWriter& JsonWriter::base64(std::string_view bytes) {
  separate();
  out_.append("\"");
  appendBase64(out_, bytes);
  out_.append("\"");
  needsComma_ = true;
  return *this;
}

JsonWriter& JsonWriter::raw(std::string_view json) {
  separate();
  out_.append(json);
  needsComma_ = true;
  return *this;
}

JsonWriter& JsonWriter::member(std::string_view name, std::string_view value) {
  return key(name).text(value);
}

}  // namespace kms_secretd::kube

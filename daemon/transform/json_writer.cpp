// SPDX-License-Identifier: Apache-2.0
#include "transform/json_text.hpp"
#include "transform/number.hpp"
#include "transform/value.hpp"

namespace kms_secretd::transform {
namespace {

void escape(std::string& out, unsigned char c) {
  static constexpr char const* digits = "0123456789abcdef";
  switch (c) {
    case '\b':
      out += "\\b";
      return;
    case '\f':
      out += "\\f";
      return;
    case '\n':
      out += "\\n";
      return;
    case '\r':
      out += "\\r";
      return;
    case '\t':
      out += "\\t";
      return;
    case '"':
    case '\\':
      out += '\\';
      out += static_cast<char>(c);
      return;
    default:
      out += "\\u00";
      out += digits[c >> 4U];
      out += digits[c & 15U];
  }
}

void write(std::string& out, Value const& value);

void writeArray(std::string& out, Value::Array const& elements) {
  char separator = '[';
  for (auto const& element : elements) {
    out += separator;
    write(out, element);
    separator = ',';
  }
  out += elements.empty() ? "[]" : "]";
}

void writeObject(std::string& out, Value::Object const& members) {
  char separator = '{';
  for (auto const& [name, value] : members) {
    out += separator;
    appendJsonString(out, name);
    out += ':';
    write(out, value);
    separator = ',';
  }
  out += members.empty() ? "{}" : "}";
}

void write(std::string& out, Value const& value) {
  switch (value.kind()) {
    case Kind::null:
      out += "null";
      break;
    case Kind::boolean:
      out += value.truth() ? "true" : "false";
      break;
    case Kind::number:
      out += jsonNumber(value.text());
      break;
    case Kind::string:
      appendJsonString(out, value.text());
      break;
    case Kind::array:
      writeArray(out, value.elements());
      break;
    case Kind::object:
      writeObject(out, value.members());
      break;
  }
}

}  // namespace

void appendJsonString(std::string& out, std::string_view text) {
  out += '"';
  for (char const c : text) {
    auto const byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || c == '"' || c == '\\') {
      escape(out, byte);
    } else {
      out += c;
    }
  }
  out += '"';
}

std::string toJson(Value const& value) {
  std::string out;
  write(out, value);
  return out;
}

}  // namespace kms_secretd::transform

// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>

#include "transform/json_text.hpp"
#include "transform/number.hpp"
#include "transform/value.hpp"

namespace kms_secretd::transform {
namespace {

bool isWordCharacter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         c == '-' || c == '.' || c == '/';
}

// Words that some YAML reader takes for a truth value or for nothing, in whatever case.
bool isReserved(std::string_view text) {
  constexpr std::array<std::string_view, 9> words{"null", "true", "false", "yes", "no",
                                                  "on",   "off",  "y",     "n"};
  std::string lower(text);
  for (auto& c : lower) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return std::ranges::find(words, lower) != words.end();
}

// Only what every reader takes for the same text stands without quotes.
bool mayStandPlain(std::string_view text) {
  bool const word = !text.empty() && std::ranges::all_of(text, isWordCharacter);
  bool const letter = word && ((text[0] >= 'a' && text[0] <= 'z') ||
                               (text[0] >= 'A' && text[0] <= 'Z') || text[0] == '_');
  return letter && !isReserved(text);
}

void writeText(std::string& out, std::string const& text) {
  if (mayStandPlain(text)) {
    out += text;
  } else {
    appendJsonString(out, text);
  }
}

void write(std::string& out, Value const& value, std::size_t indent);

bool isInline(Value const& value) {
  return (value.is(Kind::array) && value.elements().empty()) ||
         (value.is(Kind::object) && value.members().empty()) ||
         (!value.is(Kind::array) && !value.is(Kind::object));
}

void newLine(std::string& out, std::size_t indent) {
  out += '\n';
  out.append(indent, ' ');
}

void writeArray(std::string& out, Value::Array const& elements, std::size_t indent) {
  for (auto const& element : elements) {
    if (&element != &elements.front()) newLine(out, indent);
    out += "- ";
    write(out, element, indent + 2);
  }
}

void writeObject(std::string& out, Value::Object const& members, std::size_t indent) {
  for (auto const& member : members) {
    if (&member != &members.front()) newLine(out, indent);
    writeText(out, member.name);
    out += ':';
    if (isInline(member.value)) {
      out += ' ';
    } else {
      newLine(out, indent + 2);
    }
    write(out, member.value, indent + 2);
  }
}

void write(std::string& out, Value const& value, std::size_t indent) {
  switch (value.kind()) {
    case Kind::null:
    case Kind::boolean:
    case Kind::number:
      out += value.text();
      break;
    case Kind::string:
      writeText(out, value.text());
      break;
    case Kind::array:
      if (value.elements().empty()) out += "[]";
      writeArray(out, value.elements(), indent);
      break;
    case Kind::object:
      if (value.members().empty()) out += "{}";
      writeObject(out, value.members(), indent);
      break;
  }
}

}  // namespace

std::string toYaml(Value const& value) {
  std::string out;
  write(out, value, 0);
  return out;
}

}  // namespace kms_secretd::transform

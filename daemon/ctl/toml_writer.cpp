// SPDX-License-Identifier: Apache-2.0
#include "ctl/toml_writer.hpp"

#include <algorithm>
#include <array>
#include <cstdio>

namespace kms_secretd::ctl {

std::string tomlString(std::string_view text) {
  std::string quoted = "\"";
  for (char const c : text) {
    auto const byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      quoted += '\\';
      quoted += c;
    } else if (byte < ' ' || byte == 0x7f) {
      std::array<char, 8> escape{};
      std::snprintf(escape.data(), escape.size(), "\\u%04X", static_cast<unsigned>(byte));
      quoted += escape.data();
    } else {
      quoted += c;
    }
  }
  return quoted + '"';
}

void TomlWriter::comment(std::string_view text) {
  while (!text.empty()) {
    auto const end = std::min(text.find('\n'), text.size());
    written_ += "# ";
    written_ += text.substr(0, end);
    written_ += '\n';
    text.remove_prefix(std::min(end + 1, text.size()));
  }
}

void TomlWriter::header(std::string_view path, bool list) {
  written_ += list ? "\n[[" : "\n[";
  written_ += path;
  written_ += list ? "]]\n" : "]\n";
}

void TomlWriter::text(std::string_view key, std::string_view text) {
  if (!text.empty()) raw(key, tomlString(text));
}

void TomlWriter::raw(std::string_view key, std::string_view value) {
  written_ += key;
  written_ += " = ";
  written_ += value;
  written_ += '\n';
}

void TomlWriter::table(std::string_view key, std::map<std::string, std::string> const& members) {
  if (members.empty()) return;
  std::string inner;
  for (auto const& [name, text] : members) {
    if (!inner.empty()) inner += ", ";
    inner += tomlString(name);
    inner += " = ";
    inner += tomlString(text);
  }
  raw(key, "{ " + inner + " }");
}

}  // namespace kms_secretd::ctl

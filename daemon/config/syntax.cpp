// SPDX-License-Identifier: Apache-2.0
#include "config/syntax.hpp"

#include "config/nesting.hpp"

namespace kms_secretd::config {

namespace {

constexpr std::size_t maxQuotedNumber = 16;

/// The parser quotes numbers that it cannot read. A long one may be a secret without its quotes.
std::string withoutNumbers(std::string_view description) {
  std::string text;
  while (!description.empty()) {
    auto const open = description.find('\'');
    auto const close = description.find('\'', open + 1);
    if (open == std::string_view::npos || close == std::string_view::npos) break;
    auto const inner = description.substr(open + 1, close - open - 1);
    bool const number = inner.find_first_of("+-0123456789") == 0;
    text += description.substr(0, open + 1);
    text += number && inner.size() > maxQuotedNumber ? "..." : std::string(inner);
    text += '\'';
    description.remove_prefix(close + 1);
  }
  return text.append(description);
}

std::string printable(std::string text) {
  for (auto& c : text) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = '?';
  }
  return text;
}

core::Origin originAt(core::SharedText const& file, toml::source_position const& position) {
  return {.file = file, .line = position.line, .column = position.column};
}

/// The parser starts each description with "Error while parsing ".
std::string_view withoutError(std::string_view description) {
  constexpr std::string_view prefix = "Error ";
  return description.starts_with(prefix) ? description.substr(prefix.size()) : description;
}

std::string hintFor(std::string_view description) {
  if (description.find("cannot redefine") != std::string_view::npos) {
    return "a key or table stands twice; [[secret]] may be repeated, [table] may not";
  }
  if (description.find("parsing string") != std::string_view::npos) {
    return "close the quotes on the same line; \\ and \" stand behind a backslash";
  }
  if (description.find("expected '='") != std::string_view::npos) {
    return "write key = value; a key with other characters than letters, digits, - and _ stands in "
           "quotes";
  }
  if (description.find("could not determine value type") != std::string_view::npos) {
    return "put text in double quotes";
  }
  return "mend the TOML at this place (https://toml.io/en/v1.0.0)";
}

}  // namespace

core::Origin FileContext::at(toml::source_region const& region) const {
  return originAt(source.name, region.begin);
}

std::optional<toml::table> parseToml(FileContext const& file) {
  auto const& source = file.source;
  if (source.text.size() > maxFileBytes) {
    file.findings.error({.file = source.name}, "is larger than 4 MiB",
                        "split it into several files in conf.d");
    return std::nullopt;
  }
  if (auto const deep = nestsTooDeep(source.text)) {
    file.findings.error({.file = source.name, .line = deep->line, .column = deep->column},
                        "is nested deeper than 16 levels", "no valid key is that deep");
    return std::nullopt;
  }
  try {
    return toml::parse(std::string_view(source.text));
  } catch (toml::parse_error const& error) {
    auto const description = printable(withoutNumbers(withoutError(error.description())));
    file.findings.error(originAt(source.name, error.source().begin), "not TOML: " + description,
                        hintFor(description));
    return std::nullopt;
  }
}

}  // namespace kms_secretd::config

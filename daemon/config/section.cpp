// SPDX-License-Identifier: Apache-2.0
#include "config/section.hpp"

#include "config/problem.hpp"

namespace kms_secretd::config {

namespace {

using sdk::OptionType;

std::string inQuotes(std::string const& text) { return '"' + text + '"'; }

std::string choiceWords(std::vector<std::string> choices) {
  for (auto& choice : choices) choice = inQuotes(choice);
  return oneOf(choices);
}

std::string sampleValue(sdk::OptionDeclaration const& option) {
  std::string const given = option.defaultText == nullptr ? "" : option.defaultText;
  switch (option.type) {
    case OptionType::string:
      return inQuotes(given.empty() ? "text" : given);
    case OptionType::boolean:
      return given.empty() ? "true" : given;
    case OptionType::integer:
      return given.empty() ? "1" : given;
    case OptionType::duration:
      return inQuotes(given.empty() ? "120s" : given);
    case OptionType::size:
      return inQuotes(given.empty() ? "1MiB" : given);
    case OptionType::enumeration:
      return inQuotes(given.empty() ? option.choices[0] : given);
    case OptionType::secret:
      return "{ file = \"/path\" }";
    case OptionType::list:
      return given.empty() ? "[\"text\"]" : given;
    case OptionType::table:
      return "{ ... }";
    case OptionType::table_list:
      return "[{ ... }]";
  }
  return "...";
}

}  // namespace

std::string Section::where() const {
  if (path.empty()) return "at the top of the file";
  return list ? "in [[" + path + "]]" : "in [" + path + "]";
}

Section Section::inner(sdk::OptionDeclaration const& declaration) const {
  return {.path = dotted(path, declaration.name),
          .list = declaration.type == OptionType::table_list,
          .generic = dotted(generic, declaration.name),
          .declarations = membersOf(declaration)};
}

core::Origin const& CheckedTable::originOf(std::string const& path) const {
  auto const at = origins.find(path);
  return at == origins.end() ? origin : at->second;
}

std::string dotted(std::string const& prefix, std::string_view name) {
  auto path = prefix;
  if (!path.empty()) path += '.';
  return path.append(name);
}

std::string indexed(std::string const& prefix, std::size_t index) {
  return prefix + "[" + std::to_string(index) + "]";
}

std::string sample(sdk::OptionDeclaration const& declaration) {
  return std::string(declaration.name) + " = " + sampleValue(declaration);
}

std::string typeWords(sdk::OptionDeclaration const& declaration) {
  switch (declaration.type) {
    case OptionType::string:
      return "text";
    case OptionType::boolean:
      return "true or false";
    case OptionType::integer:
      return "a whole number";
    case OptionType::duration:
      return "a duration such as \"250ms\", \"120s\" or \"1h30m\"";
    case OptionType::size:
      return "a size such as \"512KiB\" or a number of bytes";
    case OptionType::enumeration:
      return choiceWords(choicesOf(declaration));
    case OptionType::secret:
      return "the place of a secret: { file = }, { credential = }, { env = } or { inline = }";
    case OptionType::list:
      return "a list of text";
    case OptionType::table:
      return "a table";
    case OptionType::table_list:
      return "a list of tables";
  }
  return "something else";
}

std::vector<std::string> choicesOf(sdk::OptionDeclaration const& declaration) {
  std::vector<std::string> choices;
  for (auto const* at = declaration.choices; at != nullptr && *at != nullptr; ++at) {
    choices.emplace_back(*at);
  }
  return choices;
}

}  // namespace kms_secretd::config

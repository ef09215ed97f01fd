// SPDX-License-Identifier: Apache-2.0
#include "backends/default_text.hpp"

#include <charconv>
#include <cstdint>
#include <string_view>

#include "core/quantities.hpp"

namespace kms_secretd::backends {

namespace {

bool isInteger(std::string_view text) noexcept {
  std::int64_t number = 0;
  auto const* const end = text.data() + text.size();
  auto const parsed = std::from_chars(text.data(), end, number);
  return parsed.ec == std::errc{} && parsed.ptr == end;
}

bool isChoice(sdk::OptionDeclaration const& option) noexcept {
  std::string_view const text = option.defaultText;
  for (auto const* each = option.choices; *each != nullptr; ++each) {
    if (text == *each) return true;
  }
  return false;
}

std::string_view trimmed(std::string_view text) noexcept {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

bool isQuoted(std::string_view word) noexcept {
  return word.size() >= 2 && word.front() == '"' && word.back() == '"' &&
         word.substr(1, word.size() - 2).find_first_of("\"\\") == std::string_view::npos;
}

/// The simple form only: no escapes, no commas inside, no comma at the end.
bool isList(std::string_view text) noexcept {
  if (text.size() < 2 || text.front() != '[' || text.back() != ']') return false;
  text = trimmed(text.substr(1, text.size() - 2));
  while (!text.empty()) {
    auto const comma = text.find(',');
    if (!isQuoted(trimmed(text.substr(0, comma)))) return false;
    if (comma == std::string_view::npos) return true;
    text.remove_prefix(comma + 1);
    if (trimmed(text).empty()) return false;
  }
  return true;
}

}  // namespace

bool defaultParses(sdk::OptionDeclaration const& option) noexcept {
  std::string_view const text = option.defaultText;
  switch (option.type) {
    case sdk::OptionType::string:
      return true;
    case sdk::OptionType::boolean:
      return text == "true" || text == "false";
    case sdk::OptionType::integer:
      return isInteger(text);
    case sdk::OptionType::duration:
      return core::parseDuration(text).has_value();
    case sdk::OptionType::size:
      return core::parseSize(text).has_value();
    case sdk::OptionType::enumeration:
      return isChoice(option);
    case sdk::OptionType::list:
      return isList(text);
    case sdk::OptionType::secret:
    case sdk::OptionType::table:
    case sdk::OptionType::table_list:
      return false;
  }
  return false;
}

}  // namespace kms_secretd::backends

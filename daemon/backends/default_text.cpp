// SPDX-License-Identifier: Apache-2.0
#include "backends/default_text.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <optional>
#include <string_view>

namespace kms_secretd::backends {

namespace {

constexpr std::array<std::string_view, 5> durationUnits{"d", "h", "m", "s", "ms"};
constexpr std::array<std::string_view, 5> sizeUnits{"", "B", "KiB", "MiB", "GiB"};
constexpr std::size_t maxDigits = 9;  ///< whatever the unit, the product fits 64 bits

bool isInteger(std::string_view text) noexcept {
  std::int64_t number = 0;
  auto const* const end = text.data() + text.size();
  auto const parsed = std::from_chars(text.data(), end, number);
  return parsed.ec == std::errc{} && parsed.ptr == end;
}

/// Removes the digits at the front; false if there are none or too many.
bool skipNumber(std::string_view& text) noexcept {
  auto const digits = std::min(text.find_first_not_of("0123456789"), text.size());
  text.remove_prefix(digits);
  return digits != 0 && digits <= maxDigits;
}

std::string_view takeUnit(std::string_view& text) noexcept {
  auto const unit = text.substr(0, std::min(text.find_first_of("0123456789"), text.size()));
  text.remove_prefix(unit.size());
  return unit;
}

bool isDuration(std::string_view text) noexcept {
  if (text.empty()) return false;
  auto const* from = durationUnits.begin();
  while (!text.empty()) {
    if (!skipNumber(text)) return false;
    auto const* const unit = std::find(from, durationUnits.end(), takeUnit(text));
    if (unit == durationUnits.end()) return false;
    from = unit + 1;
  }
  return true;
}

bool isSize(std::string_view text) noexcept {
  return skipNumber(text) && std::ranges::find(sizeUnits, text) != sizeUnits.end();
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
      return isDuration(text);
    case sdk::OptionType::size:
      return isSize(text);
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

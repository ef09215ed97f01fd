// SPDX-License-Identifier: Apache-2.0
#include "core/quantities.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace kms_secretd::core {

namespace {

struct Unit {
  std::string_view name;
  std::int64_t factor;
};

/// From large to small; a duration may only walk down.
constexpr std::array durationUnits{Unit{"d", 86'400'000}, Unit{"h", 3'600'000}, Unit{"m", 60'000},
                                   Unit{"s", 1'000}, Unit{"ms", 1}};
constexpr std::array sizeUnits{Unit{"", 1}, Unit{"B", 1}, Unit{"KiB", 1 << 10},
                               Unit{"MiB", 1 << 20}, Unit{"GiB", 1 << 30}};
constexpr std::int64_t maxMilliseconds = 3'650LL * 86'400'000;
constexpr std::int64_t maxBytes = std::int64_t{1} << 60;
constexpr std::size_t maxDigits = 12;  ///< times the largest unit this fits 64 bits

/// Takes the digits off the front; nothing if there are none or too many.
std::optional<std::int64_t> takeNumber(std::string_view& text) {
  auto const digits = std::min(text.find_first_not_of("0123456789"), text.size());
  if (digits == 0 || digits > maxDigits) return std::nullopt;
  std::int64_t number = 0;
  std::from_chars(text.data(), text.data() + digits, number);
  text.remove_prefix(digits);
  return number;
}

std::string_view takeUnit(std::string_view& text) {
  auto const unit = text.substr(0, std::min(text.find_first_of("0123456789"), text.size()));
  text.remove_prefix(unit.size());
  return unit;
}

}  // namespace

std::optional<sdk::Milliseconds> parseDuration(std::string_view text) {
  if (text.empty()) return std::nullopt;
  std::int64_t total = 0;
  std::size_t next = 0;
  while (!text.empty()) {
    auto const number = takeNumber(text);
    if (!number) return std::nullopt;
    auto const unit = takeUnit(text);
    while (next < durationUnits.size() && durationUnits[next].name != unit) ++next;
    if (next == durationUnits.size()) return std::nullopt;
    auto const factor = durationUnits[next++].factor;
    if (*number > maxMilliseconds / factor) return std::nullopt;
    total += *number * factor;
  }
  if (total > maxMilliseconds) return std::nullopt;
  return sdk::Milliseconds{total};
}

std::string durationText(sdk::Milliseconds duration) {
  auto rest = static_cast<std::int64_t>(duration.count());
  std::string text;
  for (auto const& unit : durationUnits) {
    if (rest < unit.factor) continue;
    text += std::to_string(rest / unit.factor).append(unit.name);
    rest %= unit.factor;
  }
  return text.empty() ? "0s" : text;
}

std::optional<std::int64_t> parseSize(std::string_view text) {
  auto const number = takeNumber(text);
  if (!number) return std::nullopt;
  for (auto const& unit : sizeUnits) {
    if (unit.name == text) {
      return *number > maxBytes / unit.factor ? std::nullopt : std::optional(*number * unit.factor);
    }
  }
  return std::nullopt;
}

}  // namespace kms_secretd::core

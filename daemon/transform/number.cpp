// SPDX-License-Identifier: Apache-2.0
#include "transform/number.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <limits>

namespace kms_secretd::transform {
namespace {

constexpr std::int64_t farAway = 1'000'000'000'000;  // an exponent that no text can make up for

bool isDigit(char c) { return c >= '0' && c <= '9'; }

// Takes the digits at the front of `text`; how many.
std::size_t takeDigits(std::string_view& text) {
  auto const end = std::ranges::find_if_not(text, isDigit);
  auto const count = static_cast<std::size_t>(end - text.begin());
  text.remove_prefix(count);
  return count;
}

bool take(std::string_view& text, std::string_view oneOf) {
  if (text.empty() || oneOf.find(text.front()) == std::string_view::npos) return false;
  text.remove_prefix(1);
  return true;
}

// An exponent at the end of the text, or nothing.
bool endsWithExponent(std::string_view text) {
  if (text.empty()) return true;
  if (!take(text, "eE")) return false;
  take(text, "+-");
  return takeDigits(text) > 0 && text.empty();
}

std::optional<std::uint64_t> based(std::string_view text) {
  if (text.size() < 3 || text[0] != '0' || (text[1] != 'o' && text[1] != 'x')) return std::nullopt;
  std::uint64_t number = 0;
  auto const* const end = text.data() + text.size();
  auto const [at, error] = std::from_chars(text.data() + 2, end, number, text[1] == 'o' ? 8 : 16);
  if (error != std::errc{} || at != end) return std::nullopt;
  return number;
}

// 0.<digits> * 10^exponent; no digits = zero.
struct Decimal {
  bool negative = false;
  std::string digits{};
  std::int64_t exponent = 0;
};

std::int64_t exponentOf(std::string_view text) {
  if (text.starts_with('+')) text.remove_prefix(1);
  std::int64_t number = 0;
  auto const [at, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{}) number = text.starts_with('-') ? -farAway : farAway;
  return std::clamp(number, -farAway, farAway);
}

Decimal decimalOf(std::string_view written) {
  auto const json = jsonNumber(written);
  std::string_view text(json);
  Decimal decimal{.negative = take(text, "-")};
  auto const mark = std::min(text.find_first_of("eE"), text.size());
  auto const mantissa = text.substr(0, mark);
  auto const point = std::min(mantissa.find('.'), mantissa.size());
  decimal.digits = mantissa.substr(0, point);
  if (point < mantissa.size()) decimal.digits.append(mantissa.substr(point + 1));
  decimal.exponent = static_cast<std::int64_t>(point);
  if (mark < text.size()) decimal.exponent += exponentOf(text.substr(mark + 1));
  auto const zeros = std::min(decimal.digits.find_first_not_of('0'), decimal.digits.size());
  decimal.digits.erase(0, zeros);
  decimal.exponent -= static_cast<std::int64_t>(zeros);
  decimal.digits.erase(decimal.digits.find_last_not_of('0') + 1);
  if (decimal.digits.empty()) return {};
  return decimal;
}

std::strong_ordering compareMagnitudes(Decimal const& a, Decimal const& b) {
  if (a.digits.empty() || b.digits.empty()) return !a.digits.empty() <=> !b.digits.empty();
  if (auto const order = a.exponent <=> b.exponent; order != 0) return order;
  return a.digits <=> b.digits;
}

}  // namespace

bool isJsonNumber(std::string_view text) noexcept {
  take(text, "-");
  if (text.starts_with('0')) {
    text.remove_prefix(1);
  } else if (takeDigits(text) == 0) {
    return false;
  }
  if (take(text, ".") && takeDigits(text) == 0) return false;
  return endsWithExponent(text);
}

bool isYamlNumber(std::string_view text) noexcept {
  if (based(text)) return true;
  take(text, "+-");
  auto digits = takeDigits(text);
  if (take(text, ".")) digits += takeDigits(text);
  return digits > 0 && endsWithExponent(text);
}

std::string jsonNumber(std::string_view written) {
  if (isJsonNumber(written)) return std::string(written);
  if (auto const number = based(written)) return std::to_string(*number);
  std::string json;
  if (take(written, "+-") && written.data()[-1] == '-') json = "-";
  auto whole = written;
  whole = whole.substr(0, takeDigits(written));
  while (whole.size() > 1 && whole.front() == '0') whole.remove_prefix(1);
  json += whole.empty() ? "0" : whole;
  if (take(written, ".")) {
    auto const rest = written;
    auto const count = takeDigits(written);
    if (count > 0) json.append(".").append(rest.substr(0, count));
  }
  return json.append(written);
}

double toDouble(std::string_view written) {
  auto const json = jsonNumber(written);
  double number = 0;
  auto const [at, error] = std::from_chars(json.data(), json.data() + json.size(), number);
  if (error != std::errc::result_out_of_range) return number;
  auto const decimal = decimalOf(json);  // from_chars does not say in which direction
  if (decimal.exponent < 0) return 0;
  auto const infinity = std::numeric_limits<double>::infinity();
  return decimal.negative ? -infinity : infinity;
}

std::optional<std::int64_t> toInteger(std::string_view written) {
  auto const json = jsonNumber(written);
  std::int64_t number = 0;
  auto const* const end = json.data() + json.size();
  auto const [at, error] = std::from_chars(json.data(), end, number);
  if (error != std::errc{} || at != end) return std::nullopt;
  return number;
}

std::strong_ordering compareNumbers(std::string_view a, std::string_view b) {
  if (a == b) return std::strong_ordering::equal;
  // Rounding keeps the order, so doubles that differ have decided.
  auto const left = toDouble(a);
  auto const right = toDouble(b);
  if (left < right) return std::strong_ordering::less;
  if (left > right) return std::strong_ordering::greater;
  auto const first = decimalOf(a);
  auto const second = decimalOf(b);
  if (first.negative != second.negative) return second.negative <=> first.negative;
  return first.negative ? compareMagnitudes(second, first) : compareMagnitudes(first, second);
}

std::string shortest(double number) {
  if (number == 0) return "0";  // also -0
  std::array<char, 64> text{};
  auto const* end =
      std::to_chars(text.data(), text.data() + text.size(), number, std::chars_format::scientific)
          .ptr;
  auto const magnitude = std::abs(number);
  if (magnitude >= 1e-7 && magnitude < 1e21) {
    end =
        std::to_chars(text.data(), text.data() + text.size(), number, std::chars_format::fixed).ptr;
  }
  return std::string(text.data(), static_cast<std::size_t>(end - text.data()));
}

}  // namespace kms_secretd::transform

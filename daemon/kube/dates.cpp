// SPDX-License-Identifier: Apache-2.0
#include "kube/dates.hpp"

#include <array>
#include <charconv>
#include <chrono>
#include <cstdio>

namespace kms_secretd::kube {
namespace {

std::optional<unsigned> number(std::string_view text) {
  unsigned value = 0;
  auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || text.empty()) return std::nullopt;
  return value;
}

std::optional<unsigned> monthNumber(std::string_view name) {
  constexpr std::array<std::string_view, 12> names = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                      "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  for (unsigned i = 0; i < names.size(); ++i) {
    if (names[i] == name) return i + 1;
  }
  return std::nullopt;
}

struct Day {
  std::optional<unsigned> year, month, day;
};

// "08:49:37" on that day.
std::optional<sdk::WallTime> timeOn(Day const& date, std::string_view clock) {
  if (clock.size() != 8 || clock[2] != ':' || clock[5] != ':') return std::nullopt;
  auto const hour = number(clock.substr(0, 2));
  auto const minute = number(clock.substr(3, 2));
  auto const second = number(clock.substr(6, 2));
  if (!date.year || !date.month || !date.day || !hour || !minute || !second) return std::nullopt;
  std::chrono::year_month_day const day{std::chrono::year(static_cast<int>(*date.year)),
                                        std::chrono::month(*date.month),
                                        std::chrono::day(*date.day)};
  if (!day.ok() || *hour > 23 || *minute > 59 || *second > 60) return std::nullopt;
  return std::chrono::sys_days(day) + std::chrono::hours(*hour) + std::chrono::minutes(*minute) +
         std::chrono::seconds(*second);
}

}  // namespace

std::optional<sdk::WallTime> parseHttpDate(std::string_view text) {
  if (text.size() != 29 || text[3] != ',' || text[4] != ' ' || text.substr(25) != " GMT") {
    return std::nullopt;
  }
  Day const day{.year = number(text.substr(12, 4)),
                .month = monthNumber(text.substr(8, 3)),
                .day = number(text.substr(5, 2))};
  return timeOn(day, text.substr(17, 8));
}

std::optional<sdk::WallTime> parseRfc3339(std::string_view text) {
  if (text.size() < 20 || text[4] != '-' || text[7] != '-' || text[10] != 'T' ||
      text.back() != 'Z') {
    return std::nullopt;
  }
  auto const fraction = text.substr(19, text.size() - 20);
  if (!fraction.empty() && (fraction[0] != '.' || !number(fraction.substr(1)))) return std::nullopt;
  Day const day{.year = number(text.substr(0, 4)),
                .month = number(text.substr(5, 2)),
                .day = number(text.substr(8, 2))};
  return timeOn(day, text.substr(11, 8));
}

std::string rfc3339(sdk::WallTime time) {
  auto const seconds = std::chrono::floor<std::chrono::seconds>(time);
  auto const days = std::chrono::floor<std::chrono::days>(seconds);
  std::chrono::year_month_day const date{days};
  std::chrono::hh_mm_ss const clock{seconds - days};
  std::array<char, 64> text{};
  std::snprintf(text.data(), text.size(), "%04d-%02u-%02uT%02d:%02d:%02dZ",
                static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                static_cast<unsigned>(date.day()), static_cast<int>(clock.hours().count()),
                static_cast<int>(clock.minutes().count()),
                static_cast<int>(clock.seconds().count()));
  return text.data();
}

}  // namespace kms_secretd::kube

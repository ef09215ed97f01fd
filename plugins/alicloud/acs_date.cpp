// SPDX-License-Identifier: Apache-2.0
#include "alicloud/acs_date.hpp"

#include <algorithm>
#include <array>
#include <chrono>

namespace kms_secretd::alicloud {
namespace {

constexpr std::array<std::string_view, 12> monthNames{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                      "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
constexpr std::array<std::string_view, 7> dayNames{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};

void appendPadded(std::string& out, long value, std::size_t width) {
  auto const digits = std::to_string(value);
  if (digits.size() < width) out.append(width - digits.size(), '0');
  out += digits;
}

void appendTimeOfDay(std::string& out, sdk::Milliseconds sinceMidnight) {
  std::chrono::hh_mm_ss const clock{std::chrono::floor<std::chrono::seconds>(sinceMidnight)};
  appendPadded(out, clock.hours().count(), 2);
  out += ':';
  appendPadded(out, clock.minutes().count(), 2);
  out += ':';
  appendPadded(out, clock.seconds().count(), 2);
}

// The number in text[at, at+width), or -1. Callers know that the text is long enough.
int number(std::string_view text, std::size_t at, std::size_t width) {
  int value = 0;
  for (char const c : text.substr(at, width)) {
    if (c < '0' || c > '9') return -1;
    value = value * 10 + (c - '0');
  }
  return value;
}

template <class Names>
int indexOf(Names const& names, std::string_view name) {
  auto const at = std::find(names.begin(), names.end(), name);
  return at == names.end() ? -1 : static_cast<int>(at - names.begin());
}

// "Tue, 01 Sep 2026 08:00:00 GMT" with every digit and letter field replaced by any character.
bool hasTheFixedParts(std::string_view text) {
  return text.size() == 29 && text.substr(3, 2) == ", " && text[7] == ' ' && text[11] == ' ' &&
         text[16] == ' ' && text[19] == ':' && text[22] == ':' && text.substr(25) == " GMT";
}

// `month` counts from 0.
std::optional<std::chrono::sys_days> dayOf(int year, int month, int day) {
  if (day < 1 || month < 0 || year < 1970) return std::nullopt;
  std::chrono::year_month_day const date{std::chrono::year(year),
                                         std::chrono::month(static_cast<unsigned>(month) + 1U),
                                         std::chrono::day(static_cast<unsigned>(day))};
  if (!date.ok()) return std::nullopt;
  return std::chrono::sys_days(date);
}

std::optional<std::chrono::sys_days> parseDay(std::string_view text) {
  return dayOf(number(text, 12, 4), indexOf(monthNames, text.substr(8, 3)), number(text, 5, 2));
}

// hh:mm:ss at `at`; 60 is a leap second.
std::optional<std::chrono::seconds> parseTime(std::string_view text, std::size_t at) {
  int const hours = number(text, at, 2);
  int const minutes = number(text, at + 3, 2);
  int const seconds = number(text, at + 6, 2);
  if (hours < 0 || hours > 23 || minutes < 0 || minutes > 59 || seconds < 0 || seconds > 60) {
    return std::nullopt;
  }
  return std::chrono::hours(hours) + std::chrono::minutes(minutes) + std::chrono::seconds(seconds);
}

// "2026-09-01T08:00:00Z" with every digit replaced by any character.
bool hasTheFixedPartsOfAcs(std::string_view text) {
  return text.size() == 20 && text[4] == '-' && text[7] == '-' && text[10] == 'T' &&
         text[13] == ':' && text[16] == ':' && text[19] == 'Z';
}

}  // namespace

std::string acsDate(sdk::WallTime time) {
  auto const day = std::chrono::floor<std::chrono::days>(time);
  std::chrono::year_month_day const date{day};
  std::string out;
  appendPadded(out, static_cast<int>(date.year()), 4);
  out += '-';
  appendPadded(out, static_cast<unsigned>(date.month()), 2);
  out += '-';
  appendPadded(out, static_cast<unsigned>(date.day()), 2);
  out += 'T';
  appendTimeOfDay(out, time - day);
  out += 'Z';
  return out;
}

std::string httpDate(sdk::WallTime time) {
  auto const day = std::chrono::floor<std::chrono::days>(time);
  std::chrono::year_month_day const date{day};
  std::string out(dayNames[std::chrono::weekday(day).c_encoding()]);
  out += ", ";
  appendPadded(out, static_cast<unsigned>(date.day()), 2);
  out += ' ';
  out += monthNames[static_cast<unsigned>(date.month()) - 1];
  out += ' ';
  appendPadded(out, static_cast<int>(date.year()), 4);
  out += ' ';
  appendTimeOfDay(out, time - day);
  out += " GMT";
  return out;
}

std::optional<sdk::WallTime> parseServerDate(std::string_view text) noexcept {
  if (!hasTheFixedParts(text) || indexOf(dayNames, text.substr(0, 3)) < 0) return std::nullopt;
  auto const day = parseDay(text);
  auto const time = parseTime(text, 17);
  if (!day || !time) return std::nullopt;
  return sdk::WallTime(*day + *time);
}

std::optional<sdk::WallTime> parseAcsDate(std::string_view text) noexcept {
  if (!hasTheFixedPartsOfAcs(text)) return std::nullopt;
  auto const day = dayOf(number(text, 0, 4), number(text, 5, 2) - 1, number(text, 8, 2));
  auto const time = parseTime(text, 11);
  if (!day || !time) return std::nullopt;
  return sdk::WallTime(*day + *time);
}

}  // namespace kms_secretd::alicloud

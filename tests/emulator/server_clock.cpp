// SPDX-License-Identifier: Apache-2.0
#include "emulator/server_clock.hpp"

#include <chrono>
#include <ctime>

namespace kms_secretd::emulator {
namespace {

std::string formatTime(std::int64_t seconds, const char* pattern) {
  const auto time = static_cast<std::time_t>(seconds);
  std::tm parts{};
  gmtime_r(&time, &parts);
  char text[40];
  return {text, std::strftime(text, sizeof text, pattern, &parts)};
}

bool hasTimestampShape(std::string_view text) {
  constexpr std::string_view shape = "dddd-dd-ddTdd:dd:ddZ";
  if (text.size() != shape.size()) return false;
  for (std::size_t i = 0; i < shape.size(); ++i) {
    const bool digit = text[i] >= '0' && text[i] <= '9';
    if (shape[i] == 'd' ? !digit : text[i] != shape[i]) return false;
  }
  return true;
}

int number(std::string_view text, std::size_t from, std::size_t length) {
  int value = 0;
  for (const char c : text.substr(from, length)) value = value * 10 + (c - '0');
  return value;
}

}  // namespace

std::int64_t ServerClock::now() const {
  using std::chrono::system_clock;
  return system_clock::to_time_t(system_clock::now()) + offset_.load();
}

std::string formatTimestamp(std::int64_t seconds) {
  return formatTime(seconds, "%Y-%m-%dT%H:%M:%SZ");
}

std::string formatHttpDate(std::int64_t seconds) {
  return formatTime(seconds, "%a, %d %b %Y %H:%M:%S GMT");
}

std::optional<std::int64_t> parseHttpDate(std::string_view text) {
  std::tm parts{};
  const std::string copy(text);
  if (strptime(copy.c_str(), "%a, %d %b %Y %H:%M:%S GMT", &parts) == nullptr) return std::nullopt;
  const std::int64_t seconds = timegm(&parts);
  if (formatHttpDate(seconds) != text) return std::nullopt;
  return seconds;
}

std::optional<std::int64_t> parseTimestamp(std::string_view text) {
  if (!hasTimestampShape(text)) return std::nullopt;
  std::tm parts{};
  parts.tm_year = number(text, 0, 4) - 1900;
  parts.tm_mon = number(text, 5, 2) - 1;
  parts.tm_mday = number(text, 8, 2);
  parts.tm_hour = number(text, 11, 2);
  parts.tm_min = number(text, 14, 2);
  parts.tm_sec = number(text, 17, 2);
  const std::int64_t seconds = timegm(&parts);
  // timegm normalises the 31st of February; only a date that comes back unchanged existed.
  if (formatTimestamp(seconds) != text) return std::nullopt;
  return seconds;
}

}  // namespace kms_secretd::emulator

// SPDX-License-Identifier: Apache-2.0
#include "core/rotation.hpp"

#include <chrono>
#include <cstddef>

namespace kms_secretd::core {
namespace {

constexpr std::string_view shape = "dddd-dd-ddTdd:dd:ddZ";

bool hasTheShape(std::string_view text) noexcept {
  if (text.size() != shape.size()) return false;
  for (std::size_t i = 0; i < shape.size(); ++i) {
    bool const digit = text[i] >= '0' && text[i] <= '9';
    if (shape[i] == 'd' ? !digit : text[i] != shape[i]) return false;
  }
  return true;
}

int number(std::string_view text, std::size_t from, std::size_t length) noexcept {
  int value = 0;
  for (char const c : text.substr(from, length)) value = value * 10 + (c - '0');
  return value;
}

}  // namespace

std::optional<sdk::WallTime> parseRotationDate(std::string_view text) noexcept {
  using namespace std::chrono;
  if (!hasTheShape(text)) return std::nullopt;
  year_month_day const date{year(number(text, 0, 4)),
                            month(static_cast<unsigned>(number(text, 5, 2))),
                            day(static_cast<unsigned>(number(text, 8, 2)))};
  auto const hour = number(text, 11, 2);
  auto const minute = number(text, 14, 2);
  auto const second = number(text, 17, 2);
  if (!date.ok() || hour > 23 || minute > 59 || second > 60) return std::nullopt;
  return sdk::WallTime(sys_days(date) + hours(hour) + minutes(minute) + seconds(second));
}

}  // namespace kms_secretd::core

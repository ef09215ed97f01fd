// SPDX-License-Identifier: Apache-2.0
#include "report/clock_words.hpp"

#include <ctime>

namespace kms_secretd::report {

std::string clockTime(sdk::WallTime time) {
  auto const seconds = std::chrono::system_clock::to_time_t(
      std::chrono::time_point_cast<std::chrono::system_clock::duration>(time));
  std::tm parts{};
  localtime_r(&seconds, &parts);
  char text[32];
  return {text, std::strftime(text, sizeof text, "%Y-%m-%d %H:%M:%S", &parts)};
}

}  // namespace kms_secretd::report

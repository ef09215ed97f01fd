// SPDX-License-Identifier: Apache-2.0
#include "schedule/phase.hpp"

#include <algorithm>
#include <array>

#include "world.hpp"

#include <CppUTest/TestHarness.h>

using namespace schedule_test;

TEST_GROUP(Phase){};

TEST(Phase, IsTheSameForTheSameReadOnEveryNode) {
  CHECK_TRUE(schedule::phaseOf(read("s", "prod/db"), 2min) ==
             schedule::phaseOf(read("s", "prod/db"), 2min));
}

TEST(Phase, SpreadsNamesThatDifferInTheirLastDigitOnly) {
  std::array<int, 10> tenths{};
  for (int i = 0; i < 10'000; ++i) {
    auto const phase = schedule::phaseOf(read("s", "app/" + std::to_string(i)), 100s);
    ++tenths.at(static_cast<std::size_t>(phase / 10s));
  }
  auto const [least, most] = std::ranges::minmax(tenths);
  CHECK_TRUE(least > 850);
  CHECK_TRUE(most < 1150);
}

TEST(Phase, ComesOncePerInterval) {
  auto const first = schedule::nextOnPhase(start, 7s, 60s);
  CHECK_TRUE(first >= start && first < start + 60s);
  CHECK_TRUE(schedule::nextOnPhase(first, 7s, 60s) == first);
  CHECK_TRUE(schedule::nextOnPhase(first + 1ms, 7s, 60s) == first + 60s);
}

// SPDX-License-Identifier: Apache-2.0
#include "app/progress_watch.hpp"

#include <CppUTest/TestHarness.h>

using namespace kms_secretd;
using namespace std::chrono_literals;

TEST_GROUP(ProgressWatch) {
  app::ProgressWatch watch{};
  sdk::BootTime const start = sdk::BootTime{} + 100h;
  core::TargetId const target{.namespaceName = "payments", .name = "db"};
};

TEST(ProgressWatch, HasNothingToSayWhileNothingIsUnderWay) {
  watch.turned(false, start);
  CHECK_FALSE(watch.trouble(start + 24h).has_value());
}

TEST(ProgressWatch, LetsARoundUseUpAllItsTime) {
  watch.handedOut(target, start + 5min);
  CHECK_FALSE(watch.trouble(start + 5min).has_value());
}

TEST(ProgressWatch, B26_NamesARoundThatHangsBeyondAllItsDeadlines) {
  watch.handedOut(target, start + 5min);
  auto const trouble = watch.trouble(start + 5min + 30s);
  CHECK_TRUE(trouble.has_value());
  STRCMP_EQUAL("payments/db: its round should have ended 30 s ago, whatever it waits for",
               trouble->c_str());
}

TEST(ProgressWatch, ForgetsARoundThatEnded) {
  watch.handedOut(target, start + 5min);
  watch.ended(target);
  CHECK_FALSE(watch.trouble(start + 1h).has_value());
}

TEST(ProgressWatch, ARoundThatEndsLateIsTroubleNoMore) {
  watch.handedOut(target, start + 5min);
  CHECK_TRUE(watch.trouble(start + 6min).has_value());
  watch.ended(target);
  CHECK_FALSE(watch.trouble(start + 6min).has_value());
}

TEST(ProgressWatch, OneRoundOfManyIsEnough) {
  watch.handedOut({.namespaceName = "a", .name = "quick"}, start + 1h);
  watch.handedOut(target, start + 5min);
  CHECK_TRUE(watch.trouble(start + 6min).has_value());
}

TEST(ProgressWatch, WaitsTenMinutesForWhatIsDueToBeHandedOut) {
  watch.turned(true, start);
  watch.turned(true, start + 10min);
  CHECK_FALSE(watch.trouble(start + 10min).has_value());
  STRCMP_EQUAL("secrets are due and no round was begun for 601 s",
               watch.trouble(start + 601s)->c_str());
}

TEST(ProgressWatch, AHandOutEndsThatWait) {
  watch.turned(true, start);
  watch.turned(false, start + 9min);
  watch.turned(true, start + 9min + 1s);
  CHECK_FALSE(watch.trouble(start + 15min).has_value());
}

TEST(ProgressWatch, TheLongestRoundHoldsEveryDeadlineInIt) {
  core::Config config;
  config.clusters["default"].timeout = 10s;
  config.stores["slow"].timeout = 5min;
  config.stores["quick"].timeout = 1s;
  core::TargetDefinition definition;
  definition.id = target;
  definition.data = {{.source = {.store = "slow", .name = "a"}, .key = "a"},
                     {.source = {.store = "quick", .name = "b"}, .key = "b"}};
  CHECK_TRUE(app::longestRound(config, definition) == 5min + 1s + 6 * 10s + 1min);
}

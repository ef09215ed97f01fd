// SPDX-License-Identifier: Apache-2.0
#include "report/alike_failures.hpp"

#include <string>
#include <vector>

#include <CppUTest/TestHarness.h>

namespace core = kms_secretd::core;
namespace report = kms_secretd::report;
namespace sdk = kms_secretd::sdk;
using namespace std::chrono_literals;
using report::EventId;

TEST_GROUP(AlikeFailures) {
  sdk::BootTime now{1000s};
  sdk::WallTime wall{1'800'000'000s};
  report::AlikeFailures alike{};
  report::FailureKey key{.store = "shared", .cause = "unavailable"};
  std::size_t members = 0;

  void pass(sdk::Milliseconds time) {
    now += time;
    wall += time;
  }
  // So many Secrets begin to fail; how many of them are said alone.
  std::size_t begin(std::size_t secrets) {
    std::size_t said = 0;
    for (std::size_t i = 0; i < secrets; ++i) {
      ++members;
      if (alike.admit(key, true, "the sentence", now, wall)) ++said;
    }
    return said;
  }
  std::vector<report::LogRecord> look() {
    return alike.look([this](auto const& /*of*/) { return members; }, now);
  }
};

TEST(AlikeFailures, LetTheFirstTenBeSaidAlone) {
  CHECK_EQUAL(10U, begin(1000));
  CHECK_TRUE(look().empty());
}

TEST(AlikeFailures, SayAMinuteLaterInOneLineHowManyThereAre) {
  static_cast<void>(begin(1000));
  pass(1min);
  auto const lines = look();
  CHECK_EQUAL(1U, lines.size());
  CHECK_TRUE(lines.front().event == EventId::failures_alike);
  STRCMP_CONTAINS("store shared: 1000 Secrets fail alike (fetch_failed, unavailable) since ",
                  lines.front().message.c_str());
  STRCMP_CONTAINS("in 1000 rounds so far;", lines.front().message.c_str());
  STRCMP_CONTAINS("the latest: the sentence", lines.front().message.c_str());
  pass(59min);
  CHECK_TRUE(look().empty());
  pass(1min);
  CHECK_EQUAL(1U, look().size());
}

TEST(AlikeFailures, SayThatThereAreTwiceAsManyAtMostEveryTenMinutes) {
  static_cast<void>(begin(20));
  std::string lines;
  for (int i = 1; i < 60; ++i) {
    pass(1min);
    static_cast<void>(begin(20));
    if (!look().empty()) lines += std::to_string(i) + "=" + std::to_string(members) + " ";
  }
  STRCMP_EQUAL("1=40 11=240 23=480 47=960 ", lines.c_str());
}

TEST(AlikeFailures, TellOfASecondOutageThoughTheFirstWasToldWithinTheHour) {
  static_cast<void>(begin(1000));
  pass(1min);
  static_cast<void>(look());
  members = 0;
  static_cast<void>(look());
  pass(15min);
  static_cast<void>(begin(1000));
  pass(1min);
  CHECK_TRUE(look().front().event == EventId::failures_alike);
}

TEST(AlikeFailures, SayAtTheEndHowManyThereWereAndHowManyRounds) {
  static_cast<void>(begin(1000));
  pass(1min);
  static_cast<void>(look());
  members = 0;
  auto const lines = look();
  CHECK_EQUAL(1U, lines.size());
  CHECK_TRUE(lines.front().event == EventId::failures_ended);
  STRCMP_CONTAINS(
      "store shared: no Secret fails (fetch_failed, unavailable) any more; up to 1000 did",
      lines.front().message.c_str());
  CHECK_TRUE(look().empty());
}

TEST(AlikeFailures, SayNothingForAllWhereEachWasSaid) {
  static_cast<void>(begin(10));
  pass(5h);
  CHECK_TRUE(look().empty());
  members = 0;
  CHECK_TRUE(look().empty());
}

TEST(AlikeFailures, SayEvenOfAnOutageOfSecondsThatTheOthersFailedToo) {
  static_cast<void>(begin(1000));
  static_cast<void>(look());
  pass(20s);
  members = 0;
  CHECK_TRUE(look().front().event == EventId::failures_ended);
}

TEST(AlikeFailures, GiveNoNewLinesToWhatComesAndGoes) {
  std::size_t alone = 0;
  std::size_t lines = 0;
  for (int i = 0; i < 60; ++i) {
    alone += begin(1000);
    lines += look().size();
    pass(30s);
    members = 0;
    lines += look().size();
    pass(30s);
  }
  CHECK_EQUAL(10U, alone);
  CHECK_TRUE(lines <= 7);
}

TEST(AlikeFailures, ForgetWhatIsOverForAnHour) {
  static_cast<void>(begin(1000));
  members = 0;
  static_cast<void>(look());
  CHECK_EQUAL(1U, alike.remembered());
  pass(1h);
  static_cast<void>(look());
  CHECK_EQUAL(0U, alike.remembered());
}

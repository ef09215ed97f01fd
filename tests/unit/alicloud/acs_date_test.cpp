// SPDX-License-Identifier: Apache-2.0
#include "alicloud/acs_date.hpp"

#include <chrono>
#include <string>

#include "alicloud/clock_offset.hpp"
#include "fakes/fake_host.hpp"

#include <CppUTest/TestHarness.h>

using namespace kms_secretd;
using namespace kms_secretd::alicloud;
using namespace std::chrono_literals;

namespace {

constexpr sdk::WallTime eight{sdk::Milliseconds(1'788'249'600'000)};  // 2026-09-01T08:00:00Z

}  // namespace

TEST_GROUP(AcsDate){};

TEST(AcsDate, WritesUtcWithoutFractions) {
  STRCMP_EQUAL("2026-09-01T08:00:00Z", acsDate(eight).c_str());
  STRCMP_EQUAL("2026-09-01T08:00:00Z", acsDate(eight + 999ms).c_str());
  STRCMP_EQUAL("1970-01-01T00:00:00Z", acsDate(sdk::WallTime{}).c_str());
  STRCMP_EQUAL("2028-02-29T23:59:59Z",
               acsDate(sdk::WallTime(sdk::Milliseconds(1'835'481'599'000))).c_str());
}

TEST(AcsDate, ReadsTheDateOfAReply) {
  auto const date = parseServerDate("Tue, 01 Sep 2026 08:00:00 GMT");
  CHECK(date.has_value());
  CHECK(*date == eight);
}

TEST(AcsDate, ReadsNothingElse) {
  for (auto const* text : {"", "now", "Tue, 01 Sep 2026 08:00:00", "Tue, 01 Sep 2026 08:00:00 UTC",
                           "Tuesday, 01-Sep-26 08:00:00 GMT", "Tue Sep  1 08:00:00 2026",
                           "Tue, 31 Sep 2026 08:00:00 GMT", "Tue, 00 Sep 2026 08:00:00 GMT",
                           "Tue, 01 Sop 2026 08:00:00 GMT", "Tux, 01 Sep 2026 08:00:00 GMT",
                           "Tue, 01 Sep 2026 24:00:00 GMT", "Tue, 01 Sep 2026 08:60:00 GMT",
                           "Tue, 01 Sep 2026 08:00:61 GMT", "Tue, 1x Sep 2026 08:00:00 GMT",
                           "Tue, 01 Sep 1926 08:00:00 GMT", "Tue, 01 Sep 2026 08:00:00 GMT "}) {
    CHECK_FALSE_TEXT(parseServerDate(text).has_value(), text);
  }
}

TEST(AcsDate, RefusesEveryTruncationOfADate) {
  std::string const whole = "Tue, 01 Sep 2026 08:00:00 GMT";
  for (std::size_t size = 0; size < whole.size(); ++size) {
    CHECK_FALSE(parseServerDate(whole.substr(0, size)).has_value());
  }
}

TEST_GROUP(ClockOffset) {
  fakes::FakeHostClock clock;
  ClockOffset offset{clock};
};

TEST(ClockOffset, BelievesTheHostUntilTaughtBetter) {
  CHECK(offset.now() == clock.wall());
  clock.setWall(eight + 10min);
  CHECK(offset.now() == eight + 10min);
}

TEST(ClockOffset, LearnsTheServersTimeAndGoesOnFromThere) {
  clock.setWall(eight - 3h);
  CHECK(offset.learn(offset.now(), "Tue, 01 Sep 2026 08:00:00 GMT"));
  CHECK(offset.now() == eight);
  clock.advance(90s);
  CHECK(offset.now() == eight + 90s);
}

TEST(ClockOffset, StaysRightWhenTheHostsClockIsSetLater) {
  clock.setWall(eight - 3h);
  CHECK(offset.learn(offset.now(), "Tue, 01 Sep 2026 08:00:00 GMT"));
  clock.setWall(eight);
  CHECK(offset.now() == eight);
}

TEST(ClockOffset, LearnsNothingFromADateThatAgreesOrCannotBeRead) {
  CHECK_FALSE(offset.learn(eight + 59s, "Tue, 01 Sep 2026 08:00:00 GMT"));
  CHECK_FALSE(offset.learn(eight - 59s, "Tue, 01 Sep 2026 08:00:00 GMT"));
  CHECK_FALSE(offset.learn(eight - 3h, ""));
  CHECK_FALSE(offset.learn(eight - 3h, "yesterday"));
  CHECK(offset.now() == clock.wall());
}

TEST(ClockOffset, HelpsASecondCallerThatSentTheOldDateAsWell) {
  clock.setWall(eight - 3h);
  auto const sentByBoth = offset.now();
  CHECK(offset.learn(sentByBoth, "Tue, 01 Sep 2026 08:00:00 GMT"));
  CHECK(offset.learn(sentByBoth, "Tue, 01 Sep 2026 08:00:00 GMT"));
}

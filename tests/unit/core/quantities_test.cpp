// SPDX-License-Identifier: Apache-2.0
#include "core/quantities.hpp"

#include <string>
#include <vector>

#include <CppUTest/TestHarness.h>

using namespace kms_secretd;
using namespace std::chrono_literals;

TEST_GROUP(Quantities){};

TEST(Quantities, ADurationWalksDownTheUnits) {
  struct Row {
    char const* text;
    sdk::Milliseconds value;
  };
  std::vector<Row> const rows{
      {"250ms", 250ms}, {"120s", 120s}, {"5m", 5min}, {"1h30m", 90min},
      {"7d", 168h},     {"0s", 0ms},    {"90s", 90s}, {"1d1h1m1s1ms", 90'061'001ms}};
  for (auto const& row : rows) {
    auto const parsed = core::parseDuration(row.text);
    CHECK_TEXT(parsed.has_value(), row.text);
    LONGS_EQUAL_TEXT(row.value.count(), parsed->count(), row.text);
  }
}

TEST(Quantities, AnythingElseIsNoDuration) {
  for (auto const* text : {"",      "s",
                           "1",     "1.5h",
                           "-1s",   "+1s",
                           " 1s",   "1s ",
                           "1 s",   "1S",
                           "1m1h",  "1s1s",
                           "1hm",   "1x",
                           "1ms1s", "99999999999999999999s",
                           "3651d", "1000000000000h",
                           "0x1s",  "1s\n",
                           "１s"}) {
    CHECK_FALSE_TEXT(core::parseDuration(text).has_value(), text);
  }
}

TEST(Quantities, ADurationIsWrittenInItsLargestUnits) {
  STRCMP_EQUAL("2m", core::durationText(120s).c_str());
  STRCMP_EQUAL("1h30m", core::durationText(90min).c_str());
  STRCMP_EQUAL("0s", core::durationText(0ms).c_str());
  STRCMP_EQUAL("30d", core::durationText(720h).c_str());
  STRCMP_EQUAL("1s250ms", core::durationText(1250ms).c_str());
}

TEST(Quantities, ASizeCountsInPowersOfTwo) {
  LONGS_EQUAL(1024, core::parseSize("1024").value());
  LONGS_EQUAL(7, core::parseSize("7B").value());
  LONGS_EQUAL(512 * 1024, core::parseSize("512KiB").value());
  LONGS_EQUAL(1024 * 1024, core::parseSize("1MiB").value());
  LONGLONGS_EQUAL(2'147'483'648LL, core::parseSize("2GiB").value());
}

TEST(Quantities, AnythingElseIsNoSize) {
  for (auto const* text :
       {"", "KiB", "1KB", "1 KiB", "-1", "1.5MiB", "1kib", "9999999999999", "9999999999GiB"}) {
    CHECK_FALSE_TEXT(core::parseSize(text).has_value(), text);
  }
}

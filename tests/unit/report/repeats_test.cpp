// SPDX-License-Identifier: Apache-2.0
#include "report/repeats.hpp"

#include <string>

#include <CppUTest/TestHarness.h>

namespace report = kms_secretd::report;
namespace sdk = kms_secretd::sdk;
using namespace std::chrono_literals;
using report::EventId;

TEST_GROUP(Repeats) {
  sdk::BootTime now{1000s};
  report::Repeats repeats{};

  static report::LogRecord line(EventId event, std::string place = "shared") {
    return {.event = event,
            .message = "said",
            .fields = {{.name = "KMS_SECRETD_STORE", .value = std::move(place)}}};
  }
  // How many lines a night of a state that comes and goes once a minute makes.
  std::size_t linesOfANight(EventId bad, EventId good) {
    std::size_t lines = 0;
    for (int minute = 0; minute < 8 * 60; ++minute) {
      for (auto const event : {bad, good}) {
        if (repeats.admit(line(event), now)) ++lines;
        now += 30s;
        lines += repeats.look(now).size();
      }
    }
    return lines;
  }
};

TEST(Repeats, SayTheFirstThreeTimesAtOnce) {
  for (int i = 0; i < 3; ++i) CHECK_TRUE(repeats.admit(line(EventId::store_silent), now));
  CHECK_FALSE(repeats.admit(line(EventId::store_silent), now));
  CHECK_TRUE(repeats.look(now).empty());
}

TEST(Repeats, SayTheNewestWithTheCountOfTheOthersAQuarterOfAnHourLater) {
  for (int i = 0; i < 10; ++i) static_cast<void>(repeats.admit(line(EventId::store_silent), now));
  now += 15min;
  auto const lines = repeats.look(now);
  CHECK_EQUAL(1U, lines.size());
  STRCMP_EQUAL("said (7 times since it was last said)", lines.front().message.c_str());
  STRCMP_EQUAL("7", lines.front().fields.back().value.c_str());
  now += 15min;
  CHECK_TRUE(repeats.look(now).empty());
}

TEST(Repeats, KeepTheJournalOfAWatchThatFlapsAllNightReadable) {
  auto const lines = linesOfANight(EventId::watch_broken, EventId::watch_back);
  CHECK_TRUE(lines <= 2 * (3 + 8 * 4));
  CHECK_TRUE(lines >= 2 * 8 * 3);
}

TEST(Repeats, SayLastWhatHoldsNow) {
  for (int i = 0; i < 5; ++i) {
    static_cast<void>(repeats.admit(line(EventId::store_back), now));
    now += 1s;
    static_cast<void>(repeats.admit(line(EventId::store_silent), now));
    now += 1s;
  }
  static_cast<void>(repeats.admit(line(EventId::store_back), now));
  auto const lines = repeats.look(now + 1h);
  CHECK_EQUAL(2U, lines.size());
  CHECK_TRUE(lines.back().event == EventId::store_back);
}

TEST(Repeats, KeepPlacesApart) {
  for (int i = 0; i < 5; ++i) static_cast<void>(repeats.admit(line(EventId::store_silent), now));
  CHECK_TRUE(repeats.admit(line(EventId::store_silent, "other"), now));
}

TEST(Repeats, LetPassWhatSomebodyAskedFor) {
  for (int i = 0; i < 100; ++i) CHECK_TRUE(repeats.admit(line(EventId::reloaded), now));
  CHECK_TRUE(repeats.admit(line(EventId::secret_updated), now));
}

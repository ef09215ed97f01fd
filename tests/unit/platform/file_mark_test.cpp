// SPDX-License-Identifier: Apache-2.0
#include "platform/file_mark.hpp"

#include <sys/stat.h>

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>

#include "platform/clock.hpp"
#include "platform/files.hpp"
#include "temporary_directory.hpp"

#include <CppUTest/TestHarness.h>

using namespace kms_secretd;
using namespace kms_secretd::platform;
using namespace std::chrono_literals;

TEST_GROUP(FileMark) {
  TemporaryDirectory directory;
  std::string path = directory.write("key", "secret");

  std::optional<FileMark> later() { return FileMark::of(path, SystemClock().wall() + 5s); }
};

TEST(FileMark, HoldsWhileNobodyTouchesTheFile) {
  auto const mark = later();
  CHECK(mark.has_value());
  CHECK_TRUE(mark->holds(path));
}

TEST(FileMark, ThereIsNoneOfAFileThatHasOnlyJustChanged) {
  CHECK_FALSE(FileMark::of(path, SystemClock().wall()).has_value());
}

TEST(FileMark, ThereIsNoneOfWhatIsNotThere) {
  std::filesystem::remove(path);
  CHECK_FALSE(later().has_value());
}

TEST(FileMark, SeesAWriteOfTheSameLengthWhoseTimeWasSetBack) {
  auto const time = std::filesystem::last_write_time(path);
  auto const mark = later();
  directory.write("key", "SECRET");
  std::filesystem::last_write_time(path, time);
  CHECK_FALSE(mark->holds(path));
}

TEST(FileMark, SeesAFileThatTookThePlaceOfAnother) {
  auto const mark = later();
  CHECK_FALSE(writeFileAtomically(path, "secret", 0600).has_value());
  CHECK_FALSE(mark->holds(path));
}

TEST(FileMark, SeesThatTheRightsChangedAndThatTheFileIsGone) {
  auto const mark = later();
  LONGS_EQUAL(0, ::chmod(path.c_str(), 0400));
  CHECK_FALSE(mark->holds(path));
  auto const anew = later();
  std::filesystem::remove(path);
  CHECK_FALSE(anew->holds(path));
}

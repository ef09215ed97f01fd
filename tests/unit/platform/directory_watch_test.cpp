// SPDX-License-Identifier: Apache-2.0
#include "platform/directory_watch.hpp"

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

#include "temporary_directory.hpp"

#include <CppUTest/TestHarness.h>

using namespace kms_secretd::platform;

TEST_GROUP(DirectoryWatch) {
  TemporaryDirectory directory;
  std::string parts = directory.path("conf.d");

  static bool tells(DirectoryWatch & watch, std::string const& path) {
    auto const changed = watch.take();
    return std::ranges::find(changed, path) != changed.end();
  }
};

TEST(DirectoryWatch, TellsOfWhatIsWrittenReplacedAndDeleted) {
  auto const file = directory.write("a.toml", "1");
  DirectoryWatch watch({directory.path()});
  CHECK_TRUE(watch.take().empty());
  directory.write("a.toml", "2");
  CHECK_TRUE(tells(watch, file));
  std::filesystem::rename(directory.write("b", "3"), file);
  CHECK_TRUE(tells(watch, file));
  std::filesystem::remove(file);
  CHECK_TRUE(tells(watch, file));
  CHECK_TRUE(watch.take().empty());
}

TEST(DirectoryWatch, FindsADirectoryThatComesLaterOrComesBack) {
  DirectoryWatch watch({directory.path(), parts});
  CHECK_EQUAL(1U, watch.watching());
  std::filesystem::create_directory(parts);
  CHECK_TRUE(tells(watch, parts));
  CHECK_EQUAL(2U, watch.watching());
  directory.write("conf.d/x.toml", "1");
  CHECK_TRUE(tells(watch, parts + "/x.toml"));
  std::filesystem::remove_all(parts);
  CHECK_TRUE(tells(watch, parts));
  std::filesystem::create_directory(parts);
  CHECK_TRUE(tells(watch, parts));
  directory.write("conf.d/y.toml", "1");
  CHECK_TRUE(tells(watch, parts + "/y.toml"));
}

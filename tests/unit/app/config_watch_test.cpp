// SPDX-License-Identifier: Apache-2.0
#include "app/config_watch.hpp"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include <CppUTest/TestHarness.h>

using namespace kms_secretd;
using namespace std::chrono_literals;
using app::ConfigWatch;

TEST_GROUP(ConfigWatch) {
  std::filesystem::path directory;
  sdk::BootTime now{1'000s};

  void setup() override {
    auto pattern = (std::filesystem::temp_directory_path() / "kms-secretd-XXXXXX").string();
    directory = ::mkdtemp(pattern.data());
    write("main.toml");
  }
  void teardown() override { std::filesystem::remove_all(directory); }
  void write(std::string const& name) const { std::ofstream(directory / name) << "x"; }
  ConfigWatch watch() const { return ConfigWatch((directory / "main.toml").string()); }
};

TEST(ConfigWatch, IsDueOnceWhenTheFilesWereLeftAloneForAMoment) {
  auto files = watch();
  CHECK_FALSE(files.due(now));
  write("main.toml");
  CHECK_FALSE(files.due(now));
  CHECK_TRUE(files.nextLook() == now + ConfigWatch::quiet);
  write("main.toml");
  CHECK_FALSE(files.due(now + 400ms));
  CHECK_FALSE(files.due(now + 899ms));
  CHECK_TRUE(files.due(now + 900ms));
  CHECK_FALSE(files.due(now + 1h));
  CHECK_FALSE(files.nextLook().has_value());
}

TEST(ConfigWatch, WaitsForNobodyWhoWritesWithoutEnd) {
  auto files = watch();
  auto const began = now;
  for (;; now += 400ms) {
    write("main.toml");
    if (files.due(now)) break;
    CHECK_TRUE(now < began + ConfigWatch::longestDelay);
  }
  CHECK_TRUE(now <= began + ConfigWatch::longestDelay);
}

TEST(ConfigWatch, SeesPartsAndNothingElse) {
  auto files = watch();
  write("notes.toml");
  CHECK_FALSE(files.due(now));
  CHECK_FALSE(files.nextLook().has_value());
  std::filesystem::create_directory(directory / "conf.d");
  write("conf.d/a.toml");
  CHECK_FALSE(files.due(now));
  CHECK_TRUE(files.due(now + 500ms));
  write("conf.d/a.toml.swp");
  CHECK_FALSE(files.due(now + 1h));
  CHECK_FALSE(files.nextLook().has_value());
  std::filesystem::remove(directory / "conf.d/a.toml");
  CHECK_FALSE(files.due(now + 1h));
  CHECK_TRUE(files.due(now + 2h));
}

// SPDX-License-Identifier: Apache-2.0
#include "app/outdated_credentials.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include <string>

#include "unit/kube/temp_dir.hpp"

#include <CppUTest/TestHarness.h>

using namespace kms_secretd;

TEST_GROUP(OutdatedCredentials) {
  kube::test::TempDir dir{};
  app::OutdatedCredentials watch{dir.file("."), {{"ak", dir.file("source")}}};

  void written(std::string const& name, int second) const {
    auto const path = dir.write(name, "x");
    struct timespec const times[2] = {{.tv_sec = second, .tv_nsec = 0},
                                      {.tv_sec = second, .tv_nsec = 0}};
    ::utimensat(AT_FDCWD, path.c_str(), times, 0);
  }
};

TEST(OutdatedCredentials, AreSaidOnceWithTheRemedyAndStayInTheStatus) {
  written("ak", 100);
  written("source", 100);
  CHECK_FALSE(watch.look().has_value());
  STRCMP_EQUAL("", watch.status().c_str());
  written("source", 200);
  auto const said = watch.look();
  CHECK_TRUE(said.has_value());
  STRCMP_CONTAINS("credential ak was written after", said->c_str());
  STRCMP_CONTAINS("systemctl restart kms-secretd", said->c_str());
  CHECK_FALSE(watch.look().has_value());
  STRCMP_EQUAL("; newer than loaded: credential ak", watch.status().c_str());
}

TEST(OutdatedCredentials, AreNoneWithoutSystemd) {
  app::OutdatedCredentials none{"", {}};
  CHECK_FALSE(none.look().has_value());
}

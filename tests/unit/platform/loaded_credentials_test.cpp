// SPDX-License-Identifier: Apache-2.0
#include "platform/loaded_credentials.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include <filesystem>
#include <string>

#include "unit/kube/temp_dir.hpp"

#include <CppUTest/TestHarness.h>

using namespace kms_secretd;
using Sources = std::map<std::string, std::string>;

TEST_GROUP(LoadedCredentials) {
  kube::test::TempDir dir{};
  platform::UnitPlaces places{.unitDirectories = {dir.file("lib"), dir.file("etc")},
                              .credentialStores = {dir.file("credstore")}};

  void setup() override {
    for (auto const* const name :
         {"lib/u.service.d", "etc/u.service.d", "credstore", "loaded", "sources"}) {
      std::filesystem::create_directories(dir.file(name));
    }
  }
  Sources sources() const { return platform::credentialSources("u.service", places); }
  // A file that was written `second` seconds after 1970.
  void written(std::string const& name, int second) const {
    auto const path = dir.write(name, "x");
    struct timespec const times[2] = {{.tv_sec = second, .tv_nsec = 0},
                                      {.tv_sec = second, .tv_nsec = 0}};
    ::utimensat(AT_FDCWD, path.c_str(), times, 0);
  }
};

TEST(LoadedCredentials, ComeFromTheUnitAndItsDropIns) {
  dir.write("lib/u.service", "[Service]\nLoadCredential=a:/old/a\n");
  dir.write("etc/u.service.d/10-key.conf", "[Service]\nLoadCredentialEncrypted=b:/etc/b.cred\n");
  dir.write("etc/u.service.d/notes.txt", "LoadCredential=c:/c\n");
  CHECK_TRUE((sources() == Sources{{"a", "/old/a"}, {"b", "/etc/b.cred"}}));
}

TEST(LoadedCredentials, AreTakenBackByAnEmptyAssignmentAndALaterFileOfTheSameName) {
  dir.write("lib/u.service", "LoadCredential=a:/a\n");
  dir.write("lib/u.service.d/20.conf", "LoadCredential=gone:/gone\n");
  dir.write("etc/u.service.d/20.conf", "LoadCredential=\nLoadCredential=b:/b\n");
  CHECK_TRUE((sources() == Sources{{"b", "/b"}}));
}

TEST(LoadedCredentials, OfARelativePathAreLookedForInTheStores) {
  dir.write("lib/u.service", "LoadCredential=a\nLoadCredential=b:other\nLoadCredential=c\n");
  dir.write("credstore/a", "x");
  dir.write("credstore/other", "x");
  CHECK_TRUE(
      (sources() == Sources{{"a", dir.file("credstore/a")}, {"b", dir.file("credstore/other")}}));
}

TEST(LoadedCredentials, AreNoneWhereThereIsNoUnit) {
  CHECK_TRUE(platform::credentialSources("absent.service", places).empty());
}

TEST(LoadedCredentials, AreOutdatedOnceTheirSourceWasWrittenAgain) {
  written("loaded/a", 100);
  written("loaded/b", 100);
  written("sources/a", 50);
  written("sources/b", 101);
  Sources const from{{"a", dir.file("sources/a")},
                     {"b", dir.file("sources/b")},
                     {"never-loaded", dir.file("sources/b")},
                     {"absent", dir.file("sources/absent")}};
  auto const names = platform::outdatedCredentials(dir.file("loaded"), from);
  CHECK_EQUAL(1U, names.size());
  STRCMP_EQUAL("b", names.front().c_str());
}

TEST(LoadedCredentials, BelongToTheUnitOfTheProcess) {
  STRCMP_EQUAL("kms-secretd.service",
               platform::unitOf("0::/system.slice/kms-secretd.service\n").c_str());
  STRCMP_EQUAL("kms-secretd.service",
               platform::unitOf("0::/system.slice/kms-secretd.service/main\n").c_str());
  STRCMP_EQUAL("", platform::unitOf("0::/user.slice/session-1.scope\n").c_str());
  STRCMP_EQUAL("", platform::unitOf("").c_str());
}

// SPDX-License-Identifier: Apache-2.0
#include <sys/inotify.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>

#include "platform/files.hpp"
#include "platform/secret_source.hpp"
#include "platform/unique_fd.hpp"
#include "temporary_directory.hpp"

#include <CppUTest/TestHarness.h>

using namespace kms_secretd;
using namespace kms_secretd::platform;
using Kind = sdk::SecretRef::Kind;

TEST_GROUP(SecretSource) {
  TemporaryDirectory directory;

  void setup() override { ::setenv("CREDENTIALS_DIRECTORY", directory.path().c_str(), 1); }
  void teardown() override { ::unsetenv("CREDENTIALS_DIRECTORY"); }

  std::unique_ptr<sdk::SecretSource> open(Kind kind, std::string const& value) {
    auto opened = openSecretSource({.kind = kind, .value = value});
    CHECK_TEXT(opened.ok(), value.c_str());
    return std::move(opened).value();
  }
  std::string read(sdk::SecretSource & source) {
    auto const reading = source.read();
    return reading.ok() ? std::string(reading.value().bytes.reveal()) : reading.failure().message;
  }
  void checkRefused(Kind kind, std::string const& value, sdk::FailureKind failure) {
    auto const opened = openSecretSource({.kind = kind, .value = value});
    CHECK_TEXT(!opened.ok(), value.c_str());
    CHECK(opened.failure().kind == failure);
  }
};

TEST(SecretSource, AFileIsReadWithItsNewline) {
  auto const source = open(Kind::file, directory.write("token", "abc\n"));
  STRCMP_EQUAL("abc\n", read(*source).c_str());
}

TEST(SecretSource, B20_AChangedFileIsPickedUpWithANewGeneration) {
  auto const path = directory.write("token", "old");
  auto const source = open(Kind::file, path);
  auto const first = source->read().value().generation;
  CHECK_EQUAL(first, source->read().value().generation);
  directory.write("token", "new");  // in place, of the same length
  STRCMP_EQUAL("new", read(*source).c_str());
  auto const second = source->read().value().generation;
  CHECK(second > first);
  CHECK(!writeFileAtomically(path, "newer", 0600).has_value());  // by rename
  STRCMP_EQUAL("newer", read(*source).c_str());
  CHECK(source->read().value().generation > second);
}

TEST(SecretSource, B20_AChangedFileHasAnotherGenerationBeforeItIsRead) {
  auto const source = open(Kind::file, directory.write("token", "old"));
  auto const first = source->read().value().generation;
  CHECK_EQUAL(first, source->generation().value());
  directory.write("token", "new");
  CHECK(source->generation().value() > first);
}

TEST(SecretSource, TheGenerationOfAnOldFileIsToldWithoutOpeningIt) {
  std::string const old = KMS_SECRETD_FIXTURES "/three_am/kms_down.txt";
  auto const source = open(Kind::file, old);
  auto const first = source->read().value().generation;
  UniqueFd const opens(::inotify_init1(IN_NONBLOCK | IN_CLOEXEC));
  CHECK(::inotify_add_watch(opens.get(), old.c_str(), IN_OPEN) >= 0);
  std::array<char, 4096> events{};
  CHECK_EQUAL(first, source->generation().value());
  LONGS_EQUAL(-1, ::read(opens.get(), events.data(), events.size()));
  CHECK_EQUAL(first, source->read().value().generation);
  CHECK(::read(opens.get(), events.data(), events.size()) > 0);
}

TEST(SecretSource, TouchingAFileChangesNothing) {
  auto const path = directory.write("token", "same");
  auto const source = open(Kind::file, path);
  auto const first = source->read().value().generation;
  std::filesystem::last_write_time(
      path, std::filesystem::file_time_type::clock::now() + std::chrono::hours(1));
  CHECK(!writeFileAtomically(path, "same", 0600).has_value());
  CHECK_EQUAL(first, source->read().value().generation);
}

TEST(SecretSource, ABrokenFileKeepsFailingUntilItIsMended) {
  auto const path = directory.write("token", "secret");
  auto const source = open(Kind::file, path);
  CHECK(source->read().ok());
  std::filesystem::remove(path);
  auto const gone = source->read();
  CHECK(!gone.ok());
  CHECK(gone.failure().kind == sdk::FailureKind::not_found);
  CHECK(gone.failure().message.find(path) != std::string::npos);
  directory.write("token", "");
  CHECK(source->read().failure().kind == sdk::FailureKind::not_found);
  directory.write("token", "again");
  STRCMP_EQUAL("again", read(*source).c_str());
}

TEST(SecretSource, AGiantOrADirectoryIsInternalAndNamed) {
  auto const giant = open(Kind::file, directory.write("giant", std::string((1 << 20) + 1, 'x')));
  CHECK(giant->read().failure().kind == sdk::FailureKind::internal);
  CHECK(giant->read().failure().message.find("giant") != std::string::npos);
  auto const folder = open(Kind::file, directory.path());
  CHECK(folder->read().failure().kind == sdk::FailureKind::internal);
}

TEST(SecretSource, ACredentialComesFromSystemdsDirectory) {
  directory.write("kms-key", "from systemd");
  auto const source = open(Kind::credential, "kms-key");
  STRCMP_EQUAL("from systemd", read(*source).c_str());
  auto const missing = open(Kind::credential, "absent");
  CHECK(missing->read().failure().kind == sdk::FailureKind::not_found);
  CHECK(read(*missing).find("systemd credential \"absent\"") != std::string::npos);
}

TEST(SecretSource, ACredentialNameLeadsNowhereElse) {
  for (char const* name : {"", ".", "..", "../token", "/etc/shadow", "a/b"}) {
    checkRefused(Kind::credential, name, sdk::FailureKind::invalid_request);
  }
}

TEST(SecretSource, WithoutSystemdACredentialSaysWhatToDo) {
  ::unsetenv("CREDENTIALS_DIRECTORY");
  auto const opened = openSecretSource({.kind = Kind::credential, .value = "kms-key"});
  CHECK(!opened.ok());
  CHECK(opened.failure().kind == sdk::FailureKind::not_found);
  CHECK(opened.failure().message.find("LoadCredential=") != std::string::npos);
}

TEST(SecretSource, AVariableIsReadFromTheEnvironment) {
  ::setenv("KMS_SECRETD_TEST", "from the environment", 1);
  auto const source = open(Kind::environment, "KMS_SECRETD_TEST");
  STRCMP_EQUAL("from the environment", read(*source).c_str());
  ::unsetenv("KMS_SECRETD_TEST");
  CHECK(source->read().failure().kind == sdk::FailureKind::not_found);
  checkRefused(Kind::environment, "A=B", sdk::FailureKind::invalid_request);
}

TEST(SecretSource, InlineTextIsItself) {
  auto const source = open(Kind::inline_text, "in the configuration");
  STRCMP_EQUAL("in the configuration", read(*source).c_str());
  CHECK_EQUAL(source->read().value().generation, source->read().value().generation);
  checkRefused(Kind::inline_text, "", sdk::FailureKind::invalid_request);
}

TEST(SecretSource, ARelativePathIsRefused) {
  checkRefused(Kind::file, "token", sdk::FailureKind::invalid_request);
  checkRefused(Kind::file, "", sdk::FailureKind::invalid_request);
}

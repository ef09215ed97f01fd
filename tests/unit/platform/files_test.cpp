// SPDX-License-Identifier: Apache-2.0
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <string>

#include "platform/files.hpp"
#include "temporary_directory.hpp"

#include <CppUTest/TestHarness.h>

using namespace kms_secretd;
using namespace kms_secretd::platform;

TEST_GROUP(Files) {
  TemporaryDirectory directory;

  template <class T>
  void checkFailed(sdk::Result<T> const& result, sdk::FailureKind kind, char const* part) {
    CHECK(!result.ok());
    CHECK(result.failure().kind == kind);
    auto const& message = result.failure().message;
    CHECK_TEXT(message.find(part) != std::string::npos, message.c_str());
    CHECK_TEXT(message.find(directory.path()) != std::string::npos, message.c_str());
  }
};

TEST(Files, ReadsEveryByte) {
  std::string const content("\0binary\n\xff and a newline\n", 24);
  auto const path = directory.write("f", content);
  CHECK(readSecretFile(path, 100).value().reveal() == content);
  CHECK(readTextFile(path, 100).value() == content);
  std::string const big(100'000, 'b');
  CHECK(readTextFile(directory.write("big", big), 200'000).value() == big);
  CHECK(readTextFile(directory.write("empty", ""), 100).value().empty());
}

TEST(Files, ReadsWhatAnnouncesNoSize) {
  CHECK(readTextFile("/proc/self/status", 100'000).value().size() > 100);
}

TEST(Files, TheBoundIsExact) {
  auto const path = directory.write("f", "12345");
  CHECK(readSecretFile(path, 5).ok());
  checkFailed(readSecretFile(path, 4), sdk::FailureKind::invalid_request,
              "larger than the 4 bytes allowed");
  CHECK(!readTextFile("/proc/self/status", 10).ok());
}

TEST(Files, AMissingFileSaysWhatToDo) {
  checkFailed(readSecretFile(directory.path("none"), 10), sdk::FailureKind::not_found,
              "create it or correct the path");
  checkFailed(inspectFile(directory.path("none/below")), sdk::FailureKind::not_found, "inspect");
}

TEST(Files, ADirectoryOrAFifoIsRefusedWithoutWaiting) {
  checkFailed(readSecretFile(directory.path(), 10), sdk::FailureKind::invalid_request,
              "is a directory");
  auto const fifo = directory.path("fifo");
  CHECK_EQUAL(0, ::mkfifo(fifo.c_str(), 0600));
  checkFailed(readSecretFile(fifo, 10), sdk::FailureKind::invalid_request, "not a regular file");
}

TEST(Files, AFileThatMayNotBeReadSaysSo) {
  if (::geteuid() == 0) return;  // root may read everything
  auto const path = directory.write("f", "secret");
  ::chmod(path.c_str(), 0);
  checkFailed(readSecretFile(path, 10), sdk::FailureKind::permission_denied,
              "allow the daemon's user");
}

TEST(Files, TheIdentityChangesWhenTheFileIsWrittenOrReplaced) {
  auto const path = directory.write("f", "one");
  auto const first = inspectFile(path).value();
  CHECK(first.identity == inspectFile(path).value().identity);
  CHECK_EQUAL(3, first.identity.size);
  CHECK(!writeFileAtomically(path, "two", 0600).has_value());
  CHECK(!(first.identity == inspectFile(path).value().identity));
}

TEST(Files, TellsOwnerAndMode) {
  auto const path = directory.write("f", "x");
  ::chmod(path.c_str(), 0640);
  auto const facts = inspectFile(path).value();
  CHECK_EQUAL(0640, facts.mode);
  CHECK_EQUAL(::geteuid(), facts.owner);
}

TEST(Files, WritesAtomicallyWithExactlyTheMode) {
  auto const path = directory.path("f");
  auto const before = ::umask(0077);
  CHECK(!writeFileAtomically(path, "first", 0644).has_value());
  CHECK(!writeFileAtomically(path, "second", 0644).has_value());
  ::umask(before);
  CHECK(readTextFile(path, 100).value() == "second");
  CHECK_EQUAL(0644, inspectFile(path).value().mode);
  int files = 0;
  for ([[maybe_unused]] auto const& each : std::filesystem::directory_iterator(directory.path())) {
    ++files;
  }
  CHECK_EQUAL(1, files);  // nothing temporary stays behind
}

TEST(Files, AWriteThatFailsLeavesTheOldFileAndNoOther) {
  CHECK(writeFileAtomically(directory.path("none/f"), "x", 0600).has_value());
  std::filesystem::create_directory(directory.path("d"));
  directory.write("d/inside", "x");
  auto const failure = writeFileAtomically(directory.path("d"), "x", 0600);
  CHECK(failure.has_value());
  CHECK(failure->message.find("replace") != std::string::npos);
  CHECK(std::filesystem::exists(directory.path("d/inside")));
  int files = 0;
  for ([[maybe_unused]] auto const& each : std::filesystem::directory_iterator(directory.path())) {
    ++files;
  }
  CHECK_EQUAL(1, files);
}

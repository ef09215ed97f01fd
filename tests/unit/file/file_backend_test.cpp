// SPDX-License-Identifier: Apache-2.0
#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <thread>

#include "conformance/loaded_backend.hpp"
#include "conformance/temporary_directory.hpp"
#include "fakes/fake_host.hpp"

#include <CppUTest/TestHarness.h>

using namespace kms_secretd;  // NOLINT(google-build-using-namespace)
namespace fs = std::filesystem;

// What is particular to this backend; the rest is the conformance suite's.
TEST_GROUP(FileBackend) {
  fakes::FakeHost host;
  conformance::TemporaryDirectory store;
  std::unique_ptr<conformance::LoadedBackend> loaded;

  void setup() override { open(store.path()); }
  void open(std::string const& directory) {
    conformance::GivenOptions options{{"directory", sdk::OptionValue{directory}}};
    loaded = std::make_unique<conformance::LoadedBackend>(KMS_SECRETD_FILE_PLUGIN, options, host);
  }
  sdk::FetchRequest request(std::string const& name) {
    return {.name = name, .deadline = host.clock().boot() + sdk::Milliseconds{1}};
  }
  std::string read(sdk::FetchRequest const& request) {
    auto const result = loaded->backend().fetch(request);
    if (result.ok()) return std::string(result.value().value.reveal());
    return std::string(sdk::nameOf(result.failure().kind)) + ": " + result.failure().message;
  }
  std::string read(std::string const& name) { return read(request(name)); }
  std::string version(std::string const& name) {
    return loaded->backend().fetch(request(name)).value().versionId;
  }
};

TEST(FileBackend, WantsAnAbsoluteDirectory) {
  for (auto const* directory : {"", "relative", "./x"}) {
    try {
      open(directory);
      FAIL("a relative directory was accepted");
    } catch (backends::PluginError const& error) {
      STRCMP_EQUAL("directory", error.option().c_str());
      STRCMP_EQUAL("backend \"file\" cannot be made: must be an absolute path", error.what());
    }
  }
}

TEST(FileBackend, ReadsFilesInDirectoriesBeneath) {
  fs::create_directories(store.at("prod/payments"));
  store.write("prod/payments/db", "s3cret");
  STRCMP_EQUAL("s3cret", read("prod/payments/db").c_str());
}

TEST(FileBackend, FollowsLinksThatStayBeneath) {
  fs::create_directory(store.at("v1"));
  store.write("v1/db", "s3cret");
  fs::create_symlink("v1", store.at("current"));
  STRCMP_EQUAL("s3cret", read("current/db").c_str());
}

TEST(FileBackend, AMissingDirectoryIsNotAMissingSecret) {
  open(store.at("not-mounted"));
  STRCMP_EQUAL(
      ("unavailable: " + store.at("not-mounted") + "/db: the directory cannot be opened").c_str(),
      read("db").c_str());
  fs::create_directory(store.at("not-mounted"));
  store.write("not-mounted/db", "there");
  STRCMP_EQUAL("there", read("db").c_str());
}

TEST(FileBackend, TakesModificationTimeSizeAndInodeForTheVersion) {
  store.write("db", "s3cret");
  struct stat facts {};
  ::stat(store.at("db").c_str(), &facts);
  auto const expected = std::to_string(facts.st_mtim.tv_sec) + "." +
                        std::to_string(facts.st_mtim.tv_nsec) + "-6-" +
                        std::to_string(facts.st_ino);
  STRCMP_EQUAL(expected.c_str(), version("db").c_str());
}

TEST(FileBackend, SeesAChangeOfTimeSizeOrInode) {
  store.write("db", "s3cret");
  auto last = version("db");
  auto const changed = [&] {
    auto const now = version("db");
    return std::exchange(last, now) != now;
  };
  CHECK_FALSE(changed());
  timespec const times[2] = {{0, UTIME_OMIT}, {1'700'000'000, 5}};
  ::utimensat(AT_FDCWD, store.at("db").c_str(), times, 0);
  CHECK_TRUE(changed());
  fs::resize_file(store.at("db"), 3);
  CHECK_TRUE(changed());
  store.write("db", "s3c");
  ::utimensat(AT_FDCWD, store.at("db").c_str(), times, 0);
  CHECK_TRUE(changed());
}

TEST(FileBackend, SaysThatAnOlderVersionIsGone) {
  store.write("db", "one");
  auto pinned = request("db");
  pinned.versionId = version("db");
  STRCMP_EQUAL("one", read(pinned).c_str());
  store.write("db", "two");
  STRCMP_EQUAL(("not_found: " + store.at("db") + ": the file has another version now").c_str(),
               read(pinned).c_str());
}

TEST(FileBackend, HasNoStages) {
  store.write("db", "one");
  auto staged = request("db");
  staged.versionStage = "ACSCurrent";
  STRCMP_CONTAINS("invalid_request: ", read(staged).c_str());
  STRCMP_CONTAINS("files have no stages", read(staged).c_str());
}

TEST(FileBackend, ReadsRegularFilesOnlyAndNeverWaitsForAFifo) {
  fs::create_directory(store.at("folder"));
  ::mkfifo(store.at("fifo").c_str(), 0600);
  auto const socket = ::socket(AF_UNIX, SOCK_STREAM, 0);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  store.at("socket").copy(address.sun_path, sizeof address.sun_path - 1);
  ::bind(socket, reinterpret_cast<sockaddr*>(&address), sizeof address);  // NOLINT
  for (auto const* name : {"folder", "fifo", "socket", "."}) {
    STRCMP_CONTAINS("invalid_request: ", read(name).c_str());
  }
  ::close(socket);
}

TEST(FileBackend, ReadsUpToOneMebibyte) {
  std::string const most(1024 * 1024, 'x');
  store.write("most", most);
  CHECK_TRUE(read("most") == most);
  store.write("more", most + "x");
  STRCMP_CONTAINS("a regular file of at most 1 MiB", read("more").c_str());
}

// Written in place and not by rename, each time with another size: a reader gets one state or a
// failure, never a mixture.
TEST(FileBackend, NeverMixesTwoStatesOfAFile) {
  std::atomic<bool> done{false};
  store.write("db", "aaaa");
  std::thread writer([&] {
    for (std::size_t round = 0; round < 500; ++round) {
      std::string const text(50'000 + round * 10, round % 2 == 0 ? 'a' : 'b');
      std::ofstream(store.at("db"), std::ios::binary) << text;
    }
    done = true;
  });
  std::size_t mixed = 0;
  std::size_t strange = 0;
  while (!done) {
    auto const result = loaded->backend().fetch(request("db"));
    auto const text = result.ok() ? result.value().value.reveal() : std::string_view{};
    if (!text.empty() && text.find_first_not_of(text.front()) != std::string_view::npos) ++mixed;
    if (!result.ok() && result.failure().kind != sdk::FailureKind::unavailable) ++strange;
  }
  writer.join();
  CHECK_EQUAL(0U, mixed);
  CHECK_EQUAL(0U, strange);
}

TEST(FileBackend, ReplacedByRenameIsAlwaysReadWhole) {
  std::atomic<bool> done{false};
  store.write("db", "a");
  std::thread writer([&] {
    for (int round = 0; round < 300; ++round) {
      store.write("db", std::string(static_cast<std::size_t>(1 + round * 100), 'a'));
    }
    done = true;
  });
  std::size_t failed = 0;
  while (!done) failed += loaded->backend().fetch(request("db")).ok() ? 0U : 1U;
  writer.join();
  CHECK_EQUAL(0U, failed);
}

// SPDX-License-Identifier: Apache-2.0
#include "platform/memory_lock.hpp"
#include "platform/startup_code.hpp"

#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <string>

#include <CppUTest/TestHarness.h>

using namespace kms_secretd::platform;

namespace {

constexpr std::size_t blockBytes = 32 * 1024 * 1024;

// These change the whole process: each runs in a child of its own.
template <class Body>
int inChild(Body body) {
  pid_t const child = ::fork();
  if (child == 0) ::_exit(body());
  int status = 0;
  ::waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

void* block() {
  return ::mmap(nullptr, blockBytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
}

[[maybe_unused]] long kilobytesOf(std::string const& what) {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with(what)) return std::stol(line.substr(what.size()));
  }
  return -1;
}

int limited() {
  rlimit const small{64 * 1024, 64 * 1024};
  if (::setrlimit(RLIMIT_MEMLOCK, &small) != 0) return 1;
  if (::geteuid() == 0 && ::setuid(65534) != 0) return 2;
  if (lockMemory()) return 3;
  return block() == MAP_FAILED ? 4 : 0;
}

}  // namespace

TEST_GROUP(MemoryLock){};

#ifndef KMS_SECRETD_SANITIZED
TEST(MemoryLock, WhatIsAllocatedLaterIsLockedToo) {
  CHECK_EQUAL(0, inChild([] {
                if (!lockMemory()) return ::geteuid() == 0 ? 1 : 0;  // an ordinary user may not
                auto const before = kilobytesOf("VmLck:");
                if (block() == MAP_FAILED) return 2;
                auto const more = kilobytesOf("VmLck:") - before;
                return more >= static_cast<long>(blockBytes / 1024) ? 0 : 3;
              }));
}
#endif

#ifndef KMS_SECRETD_SANITIZED
TEST(MemoryLock, CodeThatOnlyTheStartNeededIsGivenBackThoughMemoryIsLocked) {
  CHECK_EQUAL(0, inChild([] {
                if (!lockMemory() && ::geteuid() == 0) return 1;
                auto const before = kilobytesOf("RssFile:");
                releaseStartupCode();
                return kilobytesOf("RssFile:") < before ? 0 : 2;
              }));
}
#endif

TEST(MemoryLock, ALimitIsLeftAloneSoThatAllocationsGoOnWorking) {
  CHECK_EQUAL(0, inChild(limited));
}

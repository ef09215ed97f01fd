// SPDX-License-Identifier: Apache-2.0
#include <poll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdlib>
#include <string>

#include "platform/process_hardening.hpp"
#include "platform/sd_notify.hpp"
#include "platform/signals.hpp"
#include "platform/unique_fd.hpp"
#include "temporary_directory.hpp"

#include <CppUTest/TestHarness.h>

using namespace kms_secretd;
using namespace kms_secretd::platform;

namespace {

// These change the whole process: each runs in a child of its own.
template <class Body>
int inChild(Body body) {
  pid_t const child = ::fork();
  if (child == 0) ::_exit(body());
  int status = 0;
  ::waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

}  // namespace

TEST_GROUP(Process){};

TEST(Process, HardeningForbidsDumpsAndCoresAndSurvivesBrokenPipes) {
  CHECK_EQUAL(
      0, inChild([] {
        hardenProcess();
        if (::prctl(PR_GET_DUMPABLE, 0, 0, 0, 0) != 0) return 1;
        rlimit core{1, 1};
        if (::getrlimit(RLIMIT_CORE, &core) != 0 || core.rlim_cur != 0 || core.rlim_max != 0)
          return 2;
        std::array<int, 2> ends{};
        if (::pipe(ends.data()) != 0) return 3;
        ::close(ends[0]);
        if (::write(ends[1], "x", 1) != -1 || errno != EPIPE) return 4;
        pthread_attr_t attributes;
        std::size_t size = 0;
        ::pthread_getattr_default_np(&attributes);
        ::pthread_attr_getstacksize(&attributes, &size);
        return size == 256 * 1024 ? 0 : 5;
      }));
}

TEST(Process, SignalsArriveThroughTheDescriptor) {
  CHECK_EQUAL(0, inChild([] {
                SignalDescriptor signals{SIGTERM, SIGHUP};
                pollfd watched{signals.fd(), POLLIN, 0};
                if (::poll(&watched, 1, 0) != 0 || signals.take().has_value()) return 1;
                ::kill(::getpid(), SIGTERM);  // would end the process
                if (::poll(&watched, 1, 0) != 1) return 2;
                if (signals.take() != SIGTERM) return 3;
                ::kill(::getpid(), SIGHUP);
                if (signals.take() != SIGHUP) return 4;
                return signals.take().has_value() ? 5 : 0;
              }));
}

TEST_GROUP(SystemdNotify) {
  TemporaryDirectory directory;
  UniqueFd socket;

  void listen() {
    socket.reset(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    directory.path("notify").copy(address.sun_path, sizeof(address.sun_path) - 1);
    CHECK_EQUAL(0, ::bind(socket.get(), reinterpret_cast<sockaddr*>(&address), sizeof(address)));
    ::setenv("NOTIFY_SOCKET", address.sun_path, 1);
  }
  void teardown() override {
    ::unsetenv("NOTIFY_SOCKET");
    ::unsetenv("WATCHDOG_USEC");
  }
  std::string heard() {
    std::array<char, 512> text{};
    ssize_t const size = ::recv(socket.get(), text.data(), text.size(), MSG_DONTWAIT);
    return std::string(text.data(), size > 0 ? static_cast<std::size_t>(size) : 0);
  }
};

TEST(SystemdNotify, AManagerThatDoesNotListenHoldsNothingUp) {
  listen();
  ServiceManager const systemd;
  for (int i = 0; i < 10'000; ++i) systemd.keepAlive();
  systemd.status("nobody reads this");
  STRCMP_EQUAL("WATCHDOG=1", heard().c_str());
}

TEST(SystemdNotify, SpeaksToAnAbstractAddressAsWell) {
  socket.reset(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  auto const name = "@kms-secretd-test-" + std::to_string(::getpid());
  name.copy(address.sun_path, name.size());
  address.sun_path[0] = '\0';
  auto const length = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + name.size());
  CHECK_EQUAL(0, ::bind(socket.get(), reinterpret_cast<sockaddr*>(&address), length));
  ::setenv("NOTIFY_SOCKET", name.c_str(), 1);
  ServiceManager{}.status("1 of 1");
  STRCMP_EQUAL("STATUS=1 of 1", heard().c_str());
}

TEST(SystemdNotify, SpeaksTheProtocol) {
  listen();
  ServiceManager const systemd;
  systemd.ready("3 secrets in sync");
  STRCMP_EQUAL("READY=1\nSTATUS=3 secrets in sync", heard().c_str());
  systemd.reloading();
  CHECK(heard().starts_with("RELOADING=1\nMONOTONIC_USEC="));
  systemd.stopping();
  STRCMP_EQUAL("STOPPING=1", heard().c_str());
  systemd.keepAlive();
  STRCMP_EQUAL("WATCHDOG=1", heard().c_str());
}

TEST(SystemdNotify, AStatusStaysOnItsLine) {
  listen();
  ServiceManager().status("two\nREADY=1");
  STRCMP_EQUAL("STATUS=two READY=1", heard().c_str());
}

TEST(SystemdNotify, DoesNothingWithoutSystemd) {
  ServiceManager const systemd;
  systemd.ready("nobody listens");
  CHECK_EQUAL(0, systemd.watchdogInterval().count());
}

TEST(SystemdNotify, TellsTheWatchdogsInterval) {
  ::setenv("WATCHDOG_USEC", "30000000", 1);
  CHECK_EQUAL(30000, ServiceManager().watchdogInterval().count());
}

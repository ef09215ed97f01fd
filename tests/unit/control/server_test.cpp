// SPDX-License-Identifier: Apache-2.0
#include "control/server.hpp"

#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include <chrono>
#include <cstring>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include <CppUTest/TestHarness.h>

#include "fakes/manual_clock.hpp"
#include "platform/clock.hpp"
#include "unit/control/main_loop.hpp"
#include "unit/platform/temporary_directory.hpp"

using namespace kms_secretd::control;
using namespace std::chrono_literals;
namespace platform = kms_secretd::platform;
namespace fakes = kms_secretd::fakes;

namespace {

platform::UniqueFd connectTo(std::string const& path) {
  platform::UniqueFd socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::memcpy(address.sun_path, path.data(), path.size());
  if (::connect(socket.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) != 0)
    return {};
  return socket;
}

void put(platform::UniqueFd const& socket, std::string const& bytes) {
  (void)::send(socket.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
}

std::string readAll(platform::UniqueFd const& socket) {
  std::string all;
  char bytes[4096];
  for (;;) {
    auto const got = ::recv(socket.get(), bytes, sizeof bytes, 0);
    if (got <= 0) return all;
    all.append(bytes, static_cast<std::size_t>(got));
  }
}

std::string const planRequest = "POST /v1/plan HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}";
std::string const healthRequest = "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n";

}  // namespace

TEST_GROUP(Server) {
  platform::TemporaryDirectory directory;
  std::string path = directory.path("control.sock");
  platform::SystemClock clock;
  fakes::ManualClock manual;
  Desk desk;
  std::unique_ptr<MainLoop> loop = std::make_unique<MainLoop>(desk);
  std::unique_ptr<Server> server{};

  void start() { server = std::make_unique<Server>(ServerSettings{.socket = path}, desk, clock); }
  void teardown() override {
    desk.close();
    server.reset();
    loop.reset();
  }
  // Returns once the main loop has begun it.
  platform::UniqueFd askForAPlan() {
    auto socket = connectTo(path);
    put(socket, planRequest);
    while (!loop->planned()) std::this_thread::sleep_for(1ms);
    return socket;
  }
  static void waitForTheEnd(PlanUnderWay const& plan) {
    pollfd wake{.fd = plan.ending().wakeFd(), .events = POLLIN, .revents = 0};
    LONGS_EQUAL(1, ::poll(&wake, 1, 10'000));
  }
  std::string ask(std::string const& request) {
    auto const socket = connectTo(path);
    put(socket, request);
    return readAll(socket);
  }
};

TEST(Server, AnswersOverASocketThatOnlyOwnerAndGroupMayOpen) {
  start();
  STRCMP_CONTAINS("200 OK", ask(healthRequest).c_str());
  struct stat facts {};
  LONGS_EQUAL(0, ::stat(path.c_str(), &facts));
  LONGS_EQUAL(0660, facts.st_mode & 0777);
}

TEST(Server, AnswersMalformedRequestsAndLivesOn) {
  start();
  STRCMP_CONTAINS("400 Bad Request", ask("rubbish\r\n\r\n").c_str());
  STRCMP_CONTAINS("431", ask(std::string(100'000, 'a')).c_str());
  STRCMP_CONTAINS("200 OK", ask(healthRequest).c_str());
}

TEST(Server, IsNotHeldUpByWhoConnectsAndSaysNothing) {
  start();
  std::vector<platform::UniqueFd> silent;
  for (std::size_t i = 0; i + 1 < Server::maxConnections; ++i) silent.push_back(connectTo(path));
  put(silent[0], "GET /heal");
  STRCMP_CONTAINS("200 OK", ask(healthRequest).c_str());
}

TEST(Server, EndsConnectionsWhoseTimeIsOver) {
  server = std::make_unique<Server>(ServerSettings{.socket = path}, desk, manual);
  auto const silent = connectTo(path);
  put(silent, "G");
  STRCMP_CONTAINS("200 OK", ask(healthRequest).c_str());  // so both were accepted
  manual.advance(Server::patience);
  STRCMP_CONTAINS("200 OK", ask(healthRequest).c_str());  // wakes the thread up
  STRCMP_CONTAINS("408 Request Timeout", readAll(silent).c_str());
}

TEST(Server, TakesThePlaceOfASocketThatIsDeadButNotOfALivingOne) {
  start();
  CHECK_THROWS(ListenError, Server(ServerSettings{.socket = path}, desk, clock));
  CHECK_FALSE(ask(healthRequest).empty());
  server.reset();
  {
    platform::UniqueFd dead(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::memcpy(address.sun_path, path.data(), path.size());
    LONGS_EQUAL(0, ::bind(dead.get(), reinterpret_cast<sockaddr*>(&address), sizeof address));
  }
  start();
  STRCMP_CONTAINS("200 OK", ask(healthRequest).c_str());
}

TEST(Server, NeverRemovesAFileThatIsNoSocket) {
  directory.write("control.sock", "mine");
  CHECK_THROWS(ListenError, start());
  struct stat facts {};
  LONGS_EQUAL(0, ::stat(path.c_str(), &facts));
}

TEST(Server, SaysWhyItCannotListen) {
  CHECK_THROWS(ListenError, Server({.socket = "/nowhere/at/all.sock"}, desk, clock));
  CHECK_THROWS(ListenError, Server({.socket = "/" + std::string(200, 'a')}, desk, clock));
  CHECK_THROWS(ListenError, Server({.metricsListen = "localhost:1"}, desk, clock));
  CHECK_THROWS(ListenError, Server({.metricsListen = "127.0.0.1:0"}, desk, clock));
  CHECK_THROWS(ListenError, Server({.metricsListen = "127.0.0.1:99999"}, desk, clock));
}

TEST(Server, EndsThoughAQuestionIsOpen) {
  loop.reset();  // nobody answers
  start();
  auto const waiting = connectTo(path);
  put(waiting, healthRequest);
  desk.close();
  server.reset();
  CHECK_TRUE(connectTo(path).get() < 0);
}

TEST(Server, AnswersOthersWhileAPlanIsMadeAndThenWhoAskedForIt) {
  start();
  auto const waiting = askForAPlan();
  STRCMP_CONTAINS("200 OK", ask(healthRequest).c_str());
  STRCMP_CONTAINS("409 Conflict", ask(planRequest).c_str());
  loop->planned()->finish(R"({"targets":[]})");
  STRCMP_CONTAINS(R"({"targets":[]})", readAll(waiting).c_str());
  CHECK_FALSE(loop->planned()->ending().requested());
}

TEST(Server, EndsThePlanOfWhoGoes) {
  start();
  auto waiting = askForAPlan();
  waiting.reset();
  waitForTheEnd(*loop->planned());
  STRCMP_CONTAINS("200 OK", ask(healthRequest).c_str());
}

TEST(Server, AWaitForAPlanIsNotEndedByWhoHasNoMoreToSay) {
  start();
  auto const waiting = askForAPlan();
  ::shutdown(waiting.get(), SHUT_WR);
  STRCMP_CONTAINS("200 OK", ask(healthRequest).c_str());
  CHECK_FALSE(loop->planned()->ending().requested());
  loop->planned()->finish("{}");
  STRCMP_CONTAINS("200 OK", readAll(waiting).c_str());
}

TEST(Server, AsksAPlanWhoseTimeIsOverForWhatItKnowsAndWaitsForThatALittle) {
  server = std::make_unique<Server>(ServerSettings{.socket = path}, desk, manual);
  auto const waiting = askForAPlan();
  STRCMP_CONTAINS("200 OK", ask(healthRequest).c_str());  // so the wait has begun
  manual.advance(600s);
  STRCMP_CONTAINS("200 OK", ask(healthRequest).c_str());  // wakes the thread up
  waitForTheEnd(*loop->planned());
  manual.advance(Server::patience);
  STRCMP_CONTAINS("200 OK", ask(healthRequest).c_str());
  STRCMP_CONTAINS("503", readAll(waiting).c_str());
}

TEST(Server, EndsThePlansThatItsClientsWaitFor) {
  start();
  auto const waiting = askForAPlan();
  server.reset();
  CHECK_TRUE(loop->planned()->ending().requested());
}

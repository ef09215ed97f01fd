// SPDX-License-Identifier: Apache-2.0
#include <string>
#include <thread>
#include <vector>

#include "running_emulator.hpp"

#include <CppUTest/TestHarness.h>

using namespace kms_secretd::emulator;
using namespace kms_secretd::emulator::test;

TEST_GROUP(Server) {
  RunningEmulator running;

  Counters counters() {
    return running.world().log.with([](RequestLog& log) { return log.counters(); });
  }

  std::deque<LogEntry> entries() {
    return running.world().log.with([](RequestLog& log) { return log.entries(); });
  }
};

TEST(Server, ServesManyRequestsOnOneConnection) {
  const auto client = running.connect();
  for (int i = 0; i < 5; ++i) {
    client->send(RunningEmulator::goodRequest());
    const std::string reply = client->reply();
    CHECK_EQUAL(200, statusOf(reply));
    STRCMP_CONTAINS("Date: ", reply.c_str());
    STRCMP_CONTAINS("x-acs-request-id: ", reply.c_str());
    STRCMP_CONTAINS("Content-Type: application/json;charset=utf-8\r\n", reply.c_str());
  }
  CHECK_EQUAL(5U, counters().requests);
  CHECK_EQUAL(1U, counters().handshakes);
}

TEST(Server, AnswersPipelinedRequestsInOrder) {
  const auto client = running.connect();
  client->send(RunningEmulator::goodRequest() + RunningEmulator::goodRequest());
  CHECK_EQUAL(200, statusOf(client->reply()));
  CHECK_EQUAL(200, statusOf(client->reply()));
}

TEST(Server, TheDateHeaderFollowsTheServersClock) {
  running.control("POST", "/settings", R"({"clock_offset":-864000})");
  const std::string expected = formatHttpDate(running.world().clock.now()).substr(0, 16);
  const std::string reply = running.fetch();
  STRCMP_CONTAINS(("Date: " + expected).c_str(), reply.c_str());
  STRCMP_CONTAINS("InvalidTimeStamp.Expired", reply.c_str());
}

TEST(Server, SaysWhetherASessionWasResumed) {
  const auto first = running.connect();
  first->send(RunningEmulator::goodRequest());
  first->reply();
  SSL_SESSION* session = first->session();
  const auto second = running.connect(session);
  SSL_SESSION_free(session);
  CHECK_TRUE(second->resumed());
  second->send(RunningEmulator::goodRequest());
  second->reply();
  const auto log = entries();
  CHECK_EQUAL(2U, log.size());
  CHECK_FALSE(log[0].resumed);
  CHECK_TRUE(log[1].resumed);
  CHECK_TRUE(log[0].connection != log[1].connection);
}

TEST(Server, DuringAnOutageConnectionsAreRefusedAndTheSamePortComesBack) {
  const auto kept = running.connect();
  running.control("POST", "/outage", R"({"down":true})");
  CHECK_FALSE(Client(running.emulator().kmsPort()).isConnected());
  kept->send(RunningEmulator::goodRequest());
  STRCMP_EQUAL("", kept->rest().c_str());
  running.control("POST", "/outage", R"({"down":false})");
  CHECK_EQUAL(200, statusOf(running.fetch()));
}

TEST(Server, AnOutageMayKeepEstablishedConnections) {
  const auto kept = running.connect();
  running.control("POST", "/outage", R"({"down":true,"connections":"keep"})");
  kept->send(RunningEmulator::goodRequest());
  CHECK_EQUAL(200, statusOf(kept->reply()));
  CHECK_FALSE(Client(running.emulator().kmsPort()).isConnected());
}

TEST(Server, ClosesIdleConnections) {
  running.control("POST", "/settings", R"({"idle_timeout_ms":20})");
  const auto client = running.connect();
  STRCMP_EQUAL("", client->rest().c_str());
  CHECK_EQUAL(static_cast<int>(End::closed), static_cast<int>(client->end()));
}

TEST(Server, GarbageTruncatedAndGiantRequestsAreAnsweredAndClosed) {
  struct Case {
    std::string bytes;
    int status;
  };
  for (const Case& each :
       {Case{"\x01\x02\x03 nonsense\r\n\r\n", 400}, Case{"GET / HTTP/3\r\n\r\n", 505},
        Case{"GET / HTTP/1.1\r\nX: " + std::string(100000, 'x'), 431},
        Case{"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 999999999\r\n\r\n", 413}}) {
    const auto client = running.connect();
    client->send(each.bytes);
    CHECK_EQUAL(each.status, statusOf(client->rest()));
  }
  CHECK_EQUAL(4U, counters().badRequests);
  CHECK_EQUAL(200, statusOf(running.fetch()));
}

TEST(Server, SurvivesClientsThatVanishAnywhere) {
  const std::string request = RunningEmulator::goodRequest();
  for (std::size_t length = 0; length < request.size(); length += 97) {
    const auto client = running.connect();
    if (length != 0) client->send(request.substr(0, length));
    client->drop(length % 2 == 0);
  }
  Client plain(running.emulator().kmsPort());
  plain.send("GET / HTTP/1.1\r\n\r\n");
  plain.rest();
  CHECK_EQUAL(200, statusOf(running.fetch()));
}

TEST(Server, ServesSixtyFourConnectionsAtOnce) {
  std::vector<std::unique_ptr<Client>> clients;
  for (int i = 0; i < 64; ++i) clients.push_back(running.connect());
  std::vector<std::thread> threads;
  std::atomic<int> good{0};
  for (int part = 0; part < 4; ++part) {
    threads.emplace_back([&, part] {
      for (std::size_t i = static_cast<std::size_t>(part); i < clients.size(); i += 4) {
        for (int round = 0; round < 3; ++round) {
          clients[i]->send(RunningEmulator::goodRequest());
          if (statusOf(clients[i]->reply()) == 200) ++good;
        }
      }
    });
  }
  for (auto& thread : threads) thread.join();
  CHECK_EQUAL(64 * 3, good.load());
}

TEST(Server, AnEmulatorRestartedInItsDirectoryKeepsItsCa) {
  const TempDir dir;
  Options options;
  options.stateDir = dir.path();
  std::string first;
  for (int i = 0; i < 2; ++i) {
    const Emulator emulator(options);
    Client client(emulator.kmsPort());
    CHECK_TRUE(client.startTls(emulator.caFile()));
    if (i == 0) continue;
    using std::filesystem::perms;
    const auto mode = std::filesystem::status(dir.path() / "ca-key.pem").permissions();
    CHECK_TRUE((mode & (perms::group_all | perms::others_all)) == perms::none);
  }
}

TEST(Server, TheReadyLineNamesBothPortsAndTheCa) {
  const auto line = boost::json::parse(running.emulator().readyLine()).as_object();
  const std::string port = std::to_string(running.emulator().kmsPort());
  STRCMP_EQUAL(("https://127.0.0.1:" + port).c_str(), line.at("kms").as_string().c_str());
  CHECK_TRUE(std::filesystem::exists(std::string(line.at("ca").as_string())));
}

// SPDX-License-Identifier: Apache-2.0
#include <atomic>
#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "adjustable_clock.hpp"
#include "platform/connection_pool.hpp"
#include "transport_bench.hpp"

#include <CppUTest/TestHarness.h>

using namespace kms_secretd;
using namespace kms_secretd::platform;
using namespace std::chrono_literals;

TEST_GROUP(TransportPool) {
  TransportBench bench;
  std::atomic<int> requests{0};

  // Serves `served` requests on the first connection, then hears one more and ends it by `last`.
  // Later connections answer everything.
  fakes::ScriptedServer::Script stale(int served,
                                      std::function<void(fakes::ServerConnection&)> last) {
    return [this, served, last](fakes::ServerConnection& connection) {
      for (int i = 0;; ++i) {
        if (connection.readRequest().empty()) return;
        ++requests;
        if (connection.index() == 0 && i == served) return last(connection);
        connection.write(TransportBench::ok);
      }
    };
  }
  static void cut(fakes::ServerConnection & connection) { connection.cut(); }
};

TEST(TransportPool, OneConnectionServesRequestAfterRequest) {
  fakes::ScriptedServer server(bench.serverOptions(), answering(TransportBench::ok));
  auto const transport = bench.open(bench.spec(server.port()));
  for (int i = 0; i < 20; ++i) CHECK(transport->send(bench.get()).ok());
  CHECK_EQUAL(1, server.connections());
}

TEST(TransportPool, AConnectionClosedWhileIdleIsReplaced) {
  std::atomic<int> closed{0};
  fakes::ScriptedServer server(bench.serverOptions(), [&](fakes::ServerConnection& connection) {
    connection.readRequest();
    connection.write(TransportBench::ok);
    connection.closeCleanly();
    ++closed;
  });
  auto const transport = bench.open(bench.spec(server.port()));
  for (int i = 1; i <= 3; ++i) {
    auto request = bench.get();
    request.idempotent = false;  // seen before anything is sent, so this is safe to replace
    CHECK(transport->send(request).ok());
    while (closed < i) std::this_thread::yield();
  }
  CHECK_EQUAL(3, server.connections());
}

TEST(TransportPool, AStaleConnectionIsRetriedOnceWithAnIdempotentRequest) {
  fakes::ScriptedServer server(bench.serverOptions(), stale(1, cut));
  auto const transport = bench.open(bench.spec(server.port()));
  CHECK(transport->send(bench.get()).ok());
  auto const reply = transport->send(bench.get());
  STRCMP_EQUAL("(ok)", messageOf(reply).c_str());
  CHECK_EQUAL(2, server.connections());
  CHECK_EQUAL(3, requests.load());
}

TEST(TransportPool, AResetKeptConnectionIsRetriedToo) {
  fakes::ScriptedServer server(bench.serverOptions(),
                               stale(1, [](auto& connection) { connection.reset(); }));
  auto const transport = bench.open(bench.spec(server.port()));
  CHECK(transport->send(bench.get()).ok());
  CHECK(transport->send(bench.get()).ok());
  CHECK_EQUAL(2, server.connections());
}

TEST(TransportPool, ARequestThatIsNotIdempotentIsNeverSentTwice) {
  fakes::ScriptedServer server(bench.serverOptions(), stale(1, cut));
  auto const transport = bench.open(bench.spec(server.port()));
  CHECK(transport->send(bench.get()).ok());
  auto request = bench.get();
  request.idempotent = false;
  auto const reply = transport->send(request);
  CHECK(!reply.ok());
  CHECK(reply.failure().kind == sdk::FailureKind::unavailable);
  CHECK_EQUAL(1, server.connections());
  CHECK_EQUAL(2, requests.load());
}

TEST(TransportPool, OnceAByteOfAReplyCameNothingIsRetried) {
  fakes::ScriptedServer server(bench.serverOptions(), stale(1, [](auto& connection) {
                                 connection.write("H");
                                 connection.closeCleanly();
                               }));
  auto const transport = bench.open(bench.spec(server.port()));
  CHECK(transport->send(bench.get()).ok());
  auto const reply = transport->send(bench.get());
  CHECK(!reply.ok());
  CHECK_TEXT(contains(messageOf(reply), "in the middle of the reply"), messageOf(reply).c_str());
  CHECK_EQUAL(1, server.connections());
}

TEST(TransportPool, AFreshConnectionThatBreaksIsNotRetried) {
  fakes::ScriptedServer server(bench.serverOptions(), stale(0, cut));
  auto const transport = bench.open(bench.spec(server.port()));
  auto const reply = transport->send(bench.get());
  CHECK(!reply.ok());
  CHECK(reply.failure().kind == sdk::FailureKind::unavailable);
  CHECK_EQUAL(1, server.connections());
}

TEST(TransportPool, TheRetryIsTheLast) {
  fakes::ScriptedServer server(bench.serverOptions(), [](fakes::ServerConnection& connection) {
    connection.readRequest();
    if (connection.index() == 0) {
      connection.write(TransportBench::ok);
      connection.readRequest();
    }
    connection.cut();
  });
  auto const transport = bench.open(bench.spec(server.port()));
  CHECK(transport->send(bench.get()).ok());
  CHECK(!transport->send(bench.get()).ok());
  CHECK_EQUAL(2, server.connections());
}

TEST(TransportPool, Guard8LeftoverBytesEndTheConnection) {
  fakes::ScriptedServer server(bench.serverOptions(),
                               answering(std::string(TransportBench::ok) +
                                         "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil"));
  auto const transport = bench.open(bench.spec(server.port()));
  for (int i = 0; i < 2; ++i) {
    auto const reply = transport->send(bench.get());
    CHECK(reply.ok());
    CHECK(reply.value().body.reveal() == "hi");
  }
  CHECK_EQUAL(2, server.connections());
}

TEST(TransportPool, WhatAnIdlePeerSaysUnaskedEndsTheConnection) {
  // Sent after the reply, it may arrive after the next look: then it is looked at again.
  fakes::ScriptedServer server({.tls = false}, [](fakes::ServerConnection& connection) {
    connection.write("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil");
    connection.hold();
  });
  ConnectionPool pool(bench.clock);
  WaitScope const scope{.clock = bench.clock, .deadline = bench.clock.boot() + 10s};
  auto connection = Connection::dial("127.0.0.1", server.port(), scope);
  while (connection != nullptr) {
    pool.give(std::move(connection));
    connection = pool.take();
  }
}

TEST(TransportPool, ASessionTicketThatComesWhileIdleIsNoReasonToEnd) {
  // TLS 1.3 servers send tickets when they like: the read on the idle connection finds no data.
  std::atomic<bool> sent{false};
  fakes::ScriptedServer server(bench.serverOptions(), [&](fakes::ServerConnection& connection) {
    connection.readRequest();
    connection.write(TransportBench::ok);
    connection.sendTicket();
    sent = true;
    answering(TransportBench::ok)(connection);
  });
  auto const transport = bench.open(bench.spec(server.port()));
  CHECK(transport->send(bench.get()).ok());
  while (!sent) std::this_thread::yield();
  CHECK(transport->send(bench.get()).ok());
  CHECK_EQUAL(1, server.connections());
}

TEST(TransportPool, ConnectionCloseIsObeyed) {
  fakes::ScriptedServer server(
      bench.serverOptions(),
      answering("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"));
  auto const transport = bench.open(bench.spec(server.port()));
  CHECK(transport->send(bench.get()).ok());
  CHECK(transport->send(bench.get()).ok());
  CHECK_EQUAL(2, server.connections());
}

TEST(TransportPool, Guard6ATlsReplyMayEndWithTheConnectionButACutIsSeen) {
  fakes::ScriptedServer server(bench.serverOptions(), [](fakes::ServerConnection& connection) {
    connection.readRequest();
    connection.write("HTTP/1.1 200 OK\r\n\r\nto the end");
    if (connection.index() == 0) connection.closeCleanly();
  });
  auto const transport = bench.open(bench.spec(server.port()));
  auto const whole = transport->send(bench.get());
  STRCMP_EQUAL("(ok)", messageOf(whole).c_str());
  CHECK(whole.value().body.reveal() == "to the end");
  auto const torn = transport->send(bench.get());
  CHECK(!torn.ok());
  CHECK(torn.failure().kind == sdk::FailureKind::unavailable);
}

TEST(TransportPool, AnOldConnectionIsNotKept) {
  AdjustableClock clock;
  fakes::ScriptedServer server({.tls = false}, [](auto& connection) { connection.hold(); });
  ConnectionPool pool(clock);
  WaitScope const scope{.clock = clock, .deadline = clock.boot() + 10s};
  pool.give(Connection::dial("127.0.0.1", server.port(), scope));
  clock.advance(70s);
  auto kept = pool.take();
  CHECK(kept != nullptr);
  pool.give(std::move(kept));
  clock.advance(80s);
  CHECK(pool.take() == nullptr);
}

TEST(TransportPool, KeepsSixteenAtMost) {
  AdjustableClock clock;
  fakes::ScriptedServer server({.tls = false}, [](auto& connection) { connection.hold(); });
  ConnectionPool pool(clock);
  WaitScope const scope{.clock = clock, .deadline = clock.boot() + 10s};
  for (int i = 0; i < 20; ++i) pool.give(Connection::dial("127.0.0.1", server.port(), scope));
  int kept = 0;
  while (pool.take() != nullptr) ++kept;
  CHECK_EQUAL(16, kept);
}

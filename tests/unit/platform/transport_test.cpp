// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "transport_bench.hpp"

#include <CppUTest/TestHarness.h>

using namespace kms_secretd;
using namespace kms_secretd::platform;

TEST_GROUP(Transport) {
  TransportBench bench;
  std::mutex mutex;
  std::string seen;  // the last request; read it after the exchange only

  fakes::ScriptedServer::Script recording(std::string reply) {
    return [this, reply](fakes::ServerConnection& connection) {
      for (;;) {
        std::string request = connection.readRequest();
        if (request.empty()) return;
        {
          std::lock_guard const lock(mutex);
          seen = request;
        }
        connection.write(reply);
      }
    };
  }
  std::string lastRequest() {
    std::lock_guard const lock(mutex);
    return seen;
  }
};

TEST(Transport, FetchesAWholeReplyOverTls) {
  fakes::ScriptedServer server(
      bench.serverOptions(),
      recording("HTTP/1.1 200 OK\r\nDate: today\r\nContent-Length: 5\r\n\r\nhello"));
  auto const transport = bench.open(bench.spec(server.port()));
  auto const reply = transport->send(bench.get("/path?query=1"));
  STRCMP_EQUAL("(ok)", messageOf(reply).c_str());
  CHECK_EQUAL(200, reply.value().status);
  CHECK(reply.value().body.reveal() == "hello");
  CHECK(reply.value().header("date") == "today");
  std::string const port = std::to_string(server.port());
  STRCMP_EQUAL(("GET /path?query=1 HTTP/1.1\r\nHost: kms.test:" + port +
                "\r\nAccept-Encoding: identity\r\n\r\n")
                   .c_str(),
               lastRequest().c_str());
}

TEST(Transport, SendsHeadersInOrderAndTheBodyWithItsLength) {
  fakes::ScriptedServer server(bench.serverOptions(), recording(TransportBench::ok));
  auto const transport = bench.open(bench.spec(server.port()));
  auto request = bench.get("/");
  request.method = "POST";
  request.headers = {{"x-acs-action", "GetSecretValue"}, {"X-Second", "two words"}};
  request.body.append("{\"a\":1}");
  CHECK(transport->send(request).ok());
  std::string const sent = lastRequest();
  CHECK(contains(sent, "x-acs-action: GetSecretValue\r\nX-Second: two words\r\n"));
  CHECK(contains(sent, "Content-Length: 7\r\n\r\n{\"a\":1}"));
}

TEST(Transport, ABodylessPostSaysLengthZero) {
  fakes::ScriptedServer server(bench.serverOptions(), recording(TransportBench::ok));
  auto const transport = bench.open(bench.spec(server.port()));
  auto request = bench.get("/");
  request.method = "POST";
  CHECK(transport->send(request).ok());
  CHECK(contains(lastRequest(), "Content-Length: 0\r\n"));
}

TEST(Transport, CarriesBodiesOfManyRecordsBothWays) {
  std::string const big(300 * 1024, 'b');
  fakes::ScriptedServer server(bench.serverOptions(),
                               recording("HTTP/1.1 200 OK\r\nContent-Length: " +
                                         std::to_string(big.size()) + "\r\n\r\n" + big));
  auto const transport = bench.open(bench.spec(server.port()));
  auto request = bench.get("/");
  request.method = "PUT";
  request.body.append(big);
  auto const reply = transport->send(request);
  STRCMP_EQUAL("(ok)", messageOf(reply).c_str());
  CHECK(reply.value().body.reveal() == big);
  CHECK(lastRequest().ends_with(big));
}

TEST(Transport, AnyStatusIsAValueAndRedirectsAreNotFollowed) {
  for (char const* status : {"302 Found", "403 Forbidden", "429 Slow", "503 Down"}) {
    fakes::ScriptedServer server(
        bench.serverOptions(),
        recording(std::string("HTTP/1.1 ") + status +
                  "\r\nLocation: https://elsewhere/\r\nContent-Length: 0\r\n\r\n"));
    auto const transport = bench.open(bench.spec(server.port()));
    auto request = bench.get("/");
    request.wantedHeaders = {"location"};
    auto const reply = transport->send(request);
    CHECK(reply.ok());
    CHECK_EQUAL(std::stoi(status), reply.value().status);
    CHECK(reply.value().header("location") == "https://elsewhere/");
    CHECK_EQUAL(1, server.connections());
  }
}

TEST(Transport, KeepsOnlyWantedHeadersAndLowersTheirNames) {
  fakes::ScriptedServer server(
      bench.serverOptions(),
      recording("HTTP/1.1 200 OK\r\nDATE: d\r\nRetry-After: 7\r\nContent-Type: text/plain\r\n"
                "X-Acs-Request-Id: id\r\nSet-Cookie: no\r\nContent-Length: 0\r\n\r\n"));
  auto const transport = bench.open(bench.spec(server.port()));
  auto request = bench.get("/");
  request.wantedHeaders = {"x-acs-request-id"};
  auto const reply = transport->send(request);
  CHECK(reply.ok());
  CHECK_EQUAL(4, reply.value().headers.size());
  CHECK(reply.value().header("retry-after") == "7");
  CHECK(reply.value().header("content-type") == "text/plain");
  CHECK(reply.value().header("x-acs-request-id") == "id");
  CHECK(reply.value().header("set-cookie").empty());
}

TEST(Transport, AHeadReplyHasNoBodyWhateverItsLengthSays) {
  fakes::ScriptedServer server(bench.serverOptions(),
                               recording("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n"));
  auto const transport = bench.open(bench.spec(server.port()));
  auto request = bench.get("/");
  request.method = "HEAD";
  auto const reply = transport->send(request);
  STRCMP_EQUAL("(ok)", messageOf(reply).c_str());
  CHECK(reply.value().body.empty());
}

TEST(Transport, RefusesAnInjectedHeaderWithoutConnecting) {
  fakes::ScriptedServer server(bench.serverOptions(), recording(TransportBench::ok));
  auto const transport = bench.open(bench.spec(server.port()));
  auto request = bench.get("/");
  request.headers = {{"Authorization", "token\r\nX-Evil: 1"}};
  auto const reply = transport->send(request);
  CHECK(!reply.ok());
  CHECK(reply.failure().kind == sdk::FailureKind::invalid_request);
  CHECK(contains(messageOf(reply), "Authorization"));
  CHECK(!contains(messageOf(reply), "token"));
  CHECK_EQUAL(0, server.connections());
}

TEST(Transport, SaysHowALimitWasBroken) {
  fakes::ScriptedServer server(bench.serverOptions(),
                               recording("HTTP/1.1 200 OK\r\nContent-Length: 2000\r\n\r\n"));
  auto spec = bench.spec(server.port());
  spec.maxBodyBytes = 1000;
  auto const reply = bench.open(spec)->send(bench.get());
  CHECK(!reply.ok());
  CHECK(reply.failure().kind == sdk::FailureKind::invalid_response);
  CHECK(contains(messageOf(reply), "kms.test:"));
  CHECK(contains(messageOf(reply), "body is over the limit"));
}

TEST(Transport, ARefusedConnectionSaysWhatToCheck) {
  std::uint16_t port = 0;
  { port = fakes::ScriptedServer(bench.serverOptions(), recording("")).port(); }
  auto const reply = bench.open(bench.spec(port))->send(bench.get());
  CHECK(!reply.ok());
  CHECK(reply.failure().kind == sdk::FailureKind::unavailable);
  CHECK(contains(messageOf(reply), "Connection refused; check the port"));
}

TEST(Transport, AnUnknownNameSaysSo) {
  auto spec = bench.spec(443);
  spec.connectAddress.clear();
  auto const reply = bench.open(spec)->send(bench.get());
  CHECK(!reply.ok());
  CHECK(reply.failure().kind == sdk::FailureKind::unavailable);
  CHECK(contains(messageOf(reply), "kms.test is in no test's DNS"));
}

TEST(Transport, ServesManyThreadsAtOnce) {
  fakes::ScriptedServer server(bench.serverOptions(), answering(TransportBench::ok));
  auto const transport = bench.open(bench.spec(server.port()));
  std::array<int, 8> good{};
  std::vector<std::thread> threads;
  for (auto& count : good) {
    threads.emplace_back([&] {
      for (int i = 0; i < 20; ++i) {
        auto const reply = transport->send(bench.get());
        if (reply.ok() && reply.value().body.reveal() == "hi") ++count;
      }
    });
  }
  for (auto& each : threads) each.join();
  for (int const count : good) CHECK_EQUAL(20, count);
  CHECK(server.connections() <= 8);
}

TEST(Transport, SpeaksPlainHttpToLoopback) {
  fakes::ScriptedServer server({.tls = false}, recording(TransportBench::ok));
  sdk::TransportSpec spec;
  spec.host = "127.0.0.1";
  spec.port = server.port();
  spec.plainHttp = true;
  auto const transport = bench.open(spec);
  CHECK(transport != nullptr);
  for (int i = 0; i < 3; ++i) {
    auto const reply = transport->send(bench.get());
    STRCMP_EQUAL("(ok)", messageOf(reply).c_str());
    CHECK(reply.value().body.reveal() == "hi");
  }
  CHECK_EQUAL(1, server.connections());
}

TEST(Transport, APassedDeadlineSendsNothing) {
  fakes::ScriptedServer server(bench.serverOptions(), recording(TransportBench::ok));
  auto const transport = bench.open(bench.spec(server.port()));
  CHECK(transport->send(bench.get()).ok());  // a kept connection is ready
  auto const reply = transport->send(bench.get("/late", sdk::Milliseconds(0)));
  CHECK(!reply.ok());
  CHECK(reply.failure().kind == sdk::FailureKind::timed_out);
  CHECK(!contains(lastRequest(), "/late"));
}

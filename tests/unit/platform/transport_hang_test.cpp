// SPDX-License-Identifier: Apache-2.0
// Eight ways in which a peer can leave a caller hanging, each ended by the deadline, by the call's
// cancellation and by the process' stop. A wait that none of them ended would hang the test.
#include <chrono>
#include <future>
#include <optional>
#include <string>
#include <thread>

#include "transport_bench.hpp"

#include <CppUTest/TestHarness.h>

using namespace kms_secretd;
using namespace kms_secretd::platform;
using namespace std::chrono_literals;

namespace {

constexpr auto trickle = 20ms;

enum class End { deadline, cancellation, stop };

struct Hang {
  bool handshakeFirst = true;
  std::size_t requestBody = 0;
  std::function<void(fakes::ServerConnection&)> script{};
};

std::string longReply() {
  return "HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n" + std::string(5000, 'x');
}

}  // namespace

TEST_GROUP(TransportHang) {
  // Long enough for a loaded machine to reach the phase in question.
  std::chrono::milliseconds patience{400};
  // Asks on `port` until `end`, and tells what came of it.
  sdk::Result<sdk::HttpResponse> ask(std::uint16_t port, std::size_t bodySize, End end) {
    TransportBench bench;
    return askOn(bench, bench.spec(port), bodySize, end);
  }
  sdk::Result<sdk::HttpResponse> askOn(TransportBench & bench, sdk::TransportSpec const& spec,
                                       std::size_t bodySize, End end) {
    EventCancellation cancellation;
    auto const transport = bench.open(spec);
    auto request = bench.get("/", end == End::deadline ? 2 * patience : 60s);
    request.method = "POST";
    request.body.resize(bodySize);
    request.cancellation = &cancellation;
    // There is no event for "the caller sleeps in poll": a little later it usually does, and if
    // it does not yet, the outcome is the same.
    std::thread waker([&] {
      std::this_thread::sleep_for(patience);
      if (end == End::cancellation) cancellation.request();
      if (end == End::stop) bench.stop.request();
    });
    auto reply = transport->send(request);
    waker.join();
    return reply;
  }
  void checkEnded(sdk::Result<sdk::HttpResponse> const& reply, End end, char const* phase) {
    CHECK(!reply.ok());
    CHECK_TEXT(contains(messageOf(reply), phase), messageOf(reply).c_str());
    if (end == End::deadline) {
      CHECK(reply.failure().kind == sdk::FailureKind::timed_out);
    } else {
      CHECK(reply.failure().kind == sdk::FailureKind::internal);
      STRCMP_EQUAL("Cancelled", reply.failure().code.c_str());
    }
  }
  void checkHang(Hang const& hang, char const* phase) {
    for (End const end : {End::deadline, End::cancellation, End::stop}) {
      TransportBench bench;
      auto options = bench.serverOptions();
      options.handshakeFirst = hang.handshakeFirst;
      fakes::ScriptedServer server(options, hang.script);
      auto spec = bench.spec(server.port());
      spec.connectTimeout = 60s;
      spec.maxBodyBytes = 1 << 20;
      checkEnded(askOn(bench, spec, hang.requestBody, end), end, phase);
    }
  }
};

TEST(TransportHang, ConnectNeverAnswered) {
  for (End const end : {End::deadline, End::cancellation, End::stop}) {
    fakes::DeafListener const deaf;
    checkEnded(ask(deaf.port(), 0, end), end, "while connecting");
  }
}

TEST(TransportHang, HandshakeNeverAnswered) {
  checkHang({.handshakeFirst = false, .script = [](auto& connection) { connection.hold(); }},
            "while waiting for the TLS handshake");
}

TEST(TransportHang, HandshakeTrickled) {
  checkHang({.handshakeFirst = false,
             .script = [](auto& connection) { connection.handshake(1, trickle); }},
            "while waiting for the TLS handshake");
}

TEST(TransportHang, PeerNeverReads) {
  patience = 1500ms;  // 16 MiB are prepared before the first byte goes out
  checkHang({.requestBody = 16 << 20, .script = [](auto& connection) { connection.hold(); }},
            "while sending the request");
}

TEST(TransportHang, NoResponse) {
  checkHang({.script =
                 [](auto& connection) {
                   connection.readRequest();
                   connection.hold();
                 }},
            "while waiting for the reply");
}

TEST(TransportHang, ThreeBytesOfARecordThenStall) {
  checkHang({.script =
                 [](auto& connection) {
                   connection.readRequest();
                   connection.writeRaw(connection.sealed(longReply()).substr(0, 3));
                   connection.hold();
                 }},
            "while waiting for the reply");
}

TEST(TransportHang, RecordTrickled) {
  checkHang({.script =
                 [](auto& connection) {
                   connection.readRequest();
                   connection.trickleRaw(connection.sealed(longReply()), 1, trickle);
                 }},
            "while waiting for the reply");
}

TEST(TransportHang, BodyTrickled) {
  checkHang({.script =
                 [](auto& connection) {
                   connection.readRequest();
                   std::string const reply = longReply();
                   std::size_t const head = reply.size() - 5000;
                   connection.write(reply.substr(0, head));
                   for (std::size_t i = head; i < reply.size(); ++i) {
                     if (!connection.write(reply.substr(i, 1))) return;
                     std::this_thread::sleep_for(trickle);
                   }
                 }},
            "while reading the reply's body");
}

TEST(TransportHang, NameNeverResolved) {
  for (End const end : {End::deadline, End::cancellation, End::stop}) {
    std::promise<void> release;
    std::shared_future<void> const released = release.get_future().share();
    SystemClock clock;
    StopSignal stop;
    TransportFactory factory(clock, stop, [released](std::string const&) -> sdk::Result<Addresses> {
      released.wait();
      return Addresses{"127.0.0.1"};
    });
    sdk::TransportSpec spec;
    spec.host = "black.hole.test";
    auto const transport = factory.open(spec).value().release();
    EventCancellation cancellation;
    sdk::HttpRequest request;
    request.cancellation = &cancellation;
    request.deadline = clock.boot() + (end == End::deadline ? 200ms : 60s);
    std::thread waker([&] {
      std::this_thread::sleep_for(100ms);
      if (end == End::cancellation) cancellation.request();
      if (end == End::stop) stop.request();
    });
    auto const reply = transport->send(request);
    waker.join();
    delete transport;
    release.set_value();
    checkEnded(reply, end, "black.hole.test");
  }
}

TEST(TransportHang, TheConnectTimeoutEndsAConnectBeforeTheDeadline) {
  fakes::DeafListener const deaf;
  TransportBench bench;
  auto spec = bench.spec(deaf.port());
  spec.connectTimeout = 200ms;
  auto const reply = bench.open(spec)->send(bench.get("/", 60s));
  CHECK(!reply.ok());
  CHECK(reply.failure().kind == sdk::FailureKind::timed_out);
}

TEST(TransportHang, ATimedOutConnectionIsNotUsedAgain) {
  TransportBench bench;
  fakes::ScriptedServer server(bench.serverOptions(), [](fakes::ServerConnection& connection) {
    connection.readRequest();
    if (connection.index() == 0) return connection.hold();
    connection.write(TransportBench::ok);
    connection.hold();
  });
  auto const transport = bench.open(bench.spec(server.port()));
  CHECK(!transport->send(bench.get("/", 200ms)).ok());
  CHECK(transport->send(bench.get()).ok());
  CHECK_EQUAL(2, server.connections());
}

TEST(TransportHang, AfterTheStopNoExchangeBegins) {
  TransportBench bench;
  fakes::ScriptedServer server(bench.serverOptions(), answering(TransportBench::ok));
  auto const transport = bench.open(bench.spec(server.port()));
  CHECK(transport->send(bench.get()).ok());
  bench.stop.request();
  auto const reply = transport->send(bench.get());
  CHECK(!reply.ok());
  STRCMP_EQUAL("Cancelled", reply.failure().code.c_str());
}

// SPDX-License-Identifier: Apache-2.0
#include <chrono>
#include <functional>
#include <string>
#include <thread>

#include "adjustable_clock.hpp"
#include "transport_bench.hpp"

#include <CppUTest/TestHarness.h>

using namespace kms_secretd;
using namespace kms_secretd::platform;
using namespace std::chrono_literals;

namespace {

/// Notes what comes; `onBytes` may act and end the stream.
class NotingSink final : public BodySink {
 public:
  std::function<bool()> onBytes = [] { return true; };
  std::function<bool()> onStart = [] { return true; };
  int status = 0;
  std::string text{};
  int chunks = 0;

  bool onHead(sdk::HttpResponse&& head) noexcept override {
    status = head.status;
    return onStart();
  }
  bool onChunk(std::string_view bytes) noexcept override {
    text += bytes;
    ++chunks;
    return onBytes();
  }
};

std::string chunk(std::string const& text) {
  char size[16];
  std::snprintf(size, sizeof(size), "%zx", text.size());
  return std::string(size) + "\r\n" + text + "\r\n";
}

constexpr char const* watchHead = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";

}  // namespace

TEST_GROUP(TransportStream) {
  TransportBench bench;
  AdjustableClock clock;
  StopSignal stop;
  TransportFactory factory{clock, stop};

  std::unique_ptr<StreamingTransport> open(fakes::ScriptedServer const& server) {
    return std::move(factory.open(bench.spec(server.port()))).value();
  }
};

TEST(TransportStream, ChunksComeAsTheyAreSent) {
  // Each chunk is sent only when the one before arrived: nothing may wait for more.
  std::atomic<int> arrived{0};
  fakes::ScriptedServer server(bench.serverOptions(), [&](fakes::ServerConnection& connection) {
    connection.readRequest();
    connection.write(watchHead);
    for (int i = 0; i < 5; ++i) {
      while (arrived < i) std::this_thread::yield();
      connection.write(chunk("event\n"));
    }
    connection.write("0\r\n\r\n");
    connection.hold();
  });
  NotingSink sink;
  sink.onBytes = [&] {
    ++arrived;
    return true;
  };
  auto const transport = open(server);
  auto const end = transport->stream(bench.get("/watch"), 10s, sink);
  STRCMP_EQUAL("(ok)", messageOf(end).c_str());
  CHECK(end.value() == StreamEnd::complete);
  CHECK_EQUAL(200, sink.status);
  STRCMP_EQUAL("event\nevent\nevent\nevent\nevent\n", sink.text.c_str());
}

TEST(TransportStream, EachChunkRenewsTheIdleDeadlineAndTheRequestsIsOver) {
  std::atomic<int> arrived{0};
  fakes::ScriptedServer server(bench.serverOptions(), [&](fakes::ServerConnection& connection) {
    connection.readRequest();
    connection.write(watchHead);
    for (int i = 0; i < 10; ++i) {
      while (arrived < i) std::this_thread::yield();
      connection.write(chunk("x"));
    }
    connection.write("0\r\n\r\n");
    connection.hold();
  });
  NotingSink sink;
  sink.onStart = [&] {
    clock.advance(60s);
    return true;
  };
  sink.onBytes = [&] {
    clock.advance(25s);
    ++arrived;
    return true;
  };
  auto const end = open(server)->stream(bench.get("/watch"), 30s, sink);
  STRCMP_EQUAL("(ok)", messageOf(end).c_str());
  CHECK_EQUAL(10, static_cast<int>(sink.text.size()));
}

TEST(TransportStream, ASilentStreamTimesOut) {
  fakes::ScriptedServer server(bench.serverOptions(), [](fakes::ServerConnection& connection) {
    connection.readRequest();
    connection.write(watchHead);
    connection.hold();
  });
  NotingSink sink;
  auto const end = open(server)->stream(bench.get("/watch"), 100ms, sink);
  CHECK(!end.ok());
  CHECK(end.failure().kind == sdk::FailureKind::timed_out);
  CHECK_EQUAL(200, sink.status);
}

TEST(TransportStream, CancellationAndStopEndIt) {
  for (bool const byStop : {false, true}) {
    TransportBench own;
    EventCancellation cancellation;
    fakes::ScriptedServer server(own.serverOptions(), [](fakes::ServerConnection& connection) {
      connection.readRequest();
      connection.write(watchHead + chunk("first"));
      connection.hold();
    });
    NotingSink sink;
    std::thread waker;
    sink.onBytes = [&] {
      waker = std::thread([&] { byStop ? own.stop.request() : cancellation.request(); });
      return true;
    };
    auto request = own.get("/watch");
    request.cancellation = &cancellation;
    auto const end = own.open(own.spec(server.port()))->stream(request, 60s, sink);
    waker.join();
    CHECK(!end.ok());
    STRCMP_EQUAL("Cancelled", end.failure().code.c_str());
  }
}

TEST(TransportStream, TheSinkEndsItAtTheHeadOrAtAChunk) {
  fakes::ScriptedServer server(bench.serverOptions(), [](fakes::ServerConnection& connection) {
    connection.readRequest();
    connection.write(watchHead + chunk("one") + chunk("two"));
    connection.hold();
  });
  auto const transport = open(server);
  NotingSink atHead;
  atHead.onStart = [] { return false; };
  auto const first = transport->stream(bench.get("/watch"), 10s, atHead);
  CHECK(first.ok());
  CHECK(first.value() == StreamEnd::stopped_by_sink);
  CHECK_EQUAL(0, atHead.chunks);
  NotingSink atChunk;
  atChunk.onBytes = [] { return false; };
  auto const second = transport->stream(bench.get("/watch"), 10s, atChunk);
  CHECK(second.ok());
  CHECK(second.value() == StreamEnd::stopped_by_sink);
  CHECK_EQUAL(1, atChunk.chunks);
  CHECK_EQUAL(2, server.connections());  // a stopped stream's connection is not used again
}

TEST(TransportStream, ACutStreamIsUnavailable) {
  fakes::ScriptedServer server(bench.serverOptions(), [](fakes::ServerConnection& connection) {
    connection.readRequest();
    connection.write(watchHead + chunk("one"));
    if (connection.index() == 0) return connection.cut();
    connection.closeCleanly();
  });
  auto const transport = open(server);
  for (int i = 0; i < 2; ++i) {
    NotingSink sink;
    auto const end = transport->stream(bench.get("/watch"), 10s, sink);
    CHECK(!end.ok());
    CHECK(end.failure().kind == sdk::FailureKind::unavailable);
    STRCMP_EQUAL("one", sink.text.c_str());
  }
}

TEST(TransportStream, ItsLengthIsNotLimitedAndNothingGathers) {
  std::string const piece(16 * 1024, 'w');
  constexpr int pieces = 200;  // three times the body limit of the spec
  fakes::ScriptedServer server(bench.serverOptions(), [&](fakes::ServerConnection& connection) {
    connection.readRequest();
    connection.write(watchHead);
    for (int i = 0; i < pieces; ++i) connection.write(chunk(piece));
    connection.write("0\r\n\r\n");
    connection.hold();
  });
  NotingSink sink;
  auto const end = open(server)->stream(bench.get("/watch"), 10s, sink);
  STRCMP_EQUAL("(ok)", messageOf(end).c_str());
  CHECK_EQUAL(pieces * piece.size(), sink.text.size());
}

TEST(TransportStream, AnErrorStatusComesWithItsBody) {
  fakes::ScriptedServer server(bench.serverOptions(),
                               answering("HTTP/1.1 410 Gone\r\nContent-Length: 8\r\n\r\ntoo old!"));
  NotingSink sink;
  auto const transport = open(server);
  CHECK(transport->stream(bench.get("/watch"), 10s, sink).ok());
  CHECK_EQUAL(410, sink.status);
  STRCMP_EQUAL("too old!", sink.text.c_str());
  CHECK(transport->send(bench.get()).ok());
  CHECK_EQUAL(1, server.connections());  // a stream that ended well gives its connection back
}

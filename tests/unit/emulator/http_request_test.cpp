// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <string>
#include <vector>

#include "emulator/net/http_request.hpp"

#include <CppUTest/TestHarness.h>

using namespace kms_secretd::emulator;

namespace {

// Hands out scripted portions, then the end of the stream.
class ScriptedStream : public Stream {
 public:
  explicit ScriptedStream(std::string bytes, std::size_t portion = 16384)
      : bytes_(std::move(bytes)), portion_(portion) {}

  std::ptrdiff_t read(std::span<char> into, std::chrono::milliseconds) override {
    const std::size_t count = std::min<std::size_t>({into.size(), portion_, bytes_.size()});
    bytes_.copy(into.data(), count);
    bytes_.erase(0, count);
    return static_cast<std::ptrdiff_t>(count);
  }
  bool write(std::string_view bytes) override {
    written += bytes;
    return true;
  }
  void finish() override {}

  std::string written;

 private:
  std::string bytes_;
  std::size_t portion_;
};

constexpr std::chrono::milliseconds kIdle{1000};

int statusOfHead(const std::string& head) {
  const HeadResult result = parseRequestHead(head);
  const auto* bad = std::get_if<BadRequest>(&result);
  return bad == nullptr ? 0 : bad->status;
}

int statusOfStream(const std::string& bytes, RequestLimits limits = {}) {
  ScriptedStream stream(bytes);
  const ReadResult result = RequestReader(stream, limits).next(kIdle);
  if (const auto* bad = std::get_if<BadRequest>(&result)) return bad->status;
  return std::holds_alternative<Request>(result) ? 0 : -1;
}

}  // namespace

TEST_GROUP(HttpRequest){};

TEST(HttpRequest, ParsesLineHeadersAndQuery) {
  const HeadResult result =
      parseRequestHead("POST /a?b=c HTTP/1.1\r\nHost: x\r\nX-Acs-Date:  now \r\nEmpty:");
  const auto& request = std::get<Request>(result);
  STRCMP_EQUAL("POST", request.method.c_str());
  STRCMP_EQUAL("/a", request.path.c_str());
  STRCMP_EQUAL("b=c", request.query.c_str());
  STRCMP_EQUAL("now", request.header("x-acs-date")->c_str());
  STRCMP_EQUAL("", request.header("empty")->c_str());
  CHECK_TRUE(request.header("absent") == nullptr);
  CHECK_TRUE(request.keepAlive);
}

TEST(HttpRequest, KnowsWhenTheConnectionEnds) {
  const auto keeps = [](const char* head) {
    return std::get<Request>(parseRequestHead(head)).keepAlive;
  };
  CHECK_FALSE(keeps("GET / HTTP/1.1\r\nHost: x\r\nConnection: close"));
  CHECK_FALSE(keeps("GET / HTTP/1.0"));
  CHECK_TRUE(keeps("GET / HTTP/1.0\r\nConnection: Keep-Alive"));
}

TEST(HttpRequest, RefusesMalformedHeads) {
  for (const char* head :
       {"", "GET", "GET /", "GET  / HTTP/1.1", "GET / HTTP/1.1 x", "GET x HTTP/1.1\r\nHost: a",
        "G\x01T / HTTP/1.1\r\nHost: a", "GET /\x7f HTTP/1.1\r\nHost: a",
        "GET / HTTP/1.1\r\nHost: a\r\nnocolon", "GET / HTTP/1.1\r\nHost : a",
        "GET / HTTP/1.1\r\nHost: a\r\n folded", "GET / HTTP/1.1\r\nHost: a\nX: b",
        "GET / HTTP/1.1\r\nHost: a\r\nX: \x01", "GET / HTTP/1.1\r\nHost: a\r\nHost: b",
        "GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 1", "GET / HTTP/1.1"}) {
    CHECK_EQUAL(400, statusOfHead(head));
  }
  CHECK_EQUAL(505, statusOfHead("GET / HTTP/2.0\r\nHost: a"));
  CHECK_EQUAL(501, statusOfHead("GET / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked"));
  std::string many = "GET / HTTP/1.1\r\nHost: a";
  for (int i = 0; i < 100; ++i) many += "\r\nX: y";
  CHECK_EQUAL(431, statusOfHead(many));
}

TEST(HttpRequest, TheResultDoesNotDependOnHowTheBytesArrive) {
  const std::string wire =
      "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello"
      "GET /second HTTP/1.1\r\nHost: a\r\n\r\n";
  for (std::size_t portion = 1; portion <= wire.size(); ++portion) {
    ScriptedStream stream(wire, portion);
    RequestReader reader(stream);
    const ReadResult first = reader.next(kIdle);
    STRCMP_EQUAL("hello", std::get<Request>(first).body.c_str());
    const ReadResult second = reader.next(kIdle);
    STRCMP_EQUAL("/second", std::get<Request>(second).path.c_str());
    CHECK_TRUE(std::holds_alternative<NoRequest>(reader.next(kIdle)));
  }
}

TEST(HttpRequest, TruncationAnywhereIsAnErrorAndNoCrash) {
  const std::string wire = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello";
  CHECK_EQUAL(-1, statusOfStream(""));
  for (std::size_t length = 1; length < wire.size(); ++length) {
    CHECK_EQUAL(400, statusOfStream(wire.substr(0, length)));
  }
  CHECK_EQUAL(0, statusOfStream(wire));
}

TEST(HttpRequest, GiantsAreRefusedBeforeTheyAreStored) {
  CHECK_EQUAL(431, statusOfStream("GET / HTTP/1.1\r\nX: " + std::string(200000, 'x')));
  CHECK_EQUAL(413, statusOfStream("GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999\r\n\r\n"));
  for (const char* length : {"-1", "+5", "0x5", "", "5 5", "99999999999999999999999"}) {
    CHECK_EQUAL(400, statusOfStream("GET / HTTP/1.1\r\nHost: a\r\nContent-Length: " +
                                    std::string(length) + "\r\n\r\n"));
  }
}

TEST(HttpRequest, GarbageIsRefused) {
  std::string garbage;
  unsigned state = 1;
  for (int i = 0; i < 70000; ++i) {
    state = state * 1103515245U + 12345U;
    garbage += static_cast<char>(state >> 16U);
  }
  CHECK_TRUE(statusOfStream(garbage) >= 400);
  CHECK_TRUE(statusOfStream(garbage.substr(0, 100) + "\r\n\r\n") >= 400);
}

TEST(HttpRequest, AnswersExpectContinue) {
  ScriptedStream stream(
      "POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\nhi", 69);
  const ReadResult result = RequestReader(stream).next(kIdle);
  STRCMP_EQUAL("hi", std::get<Request>(result).body.c_str());
  STRCMP_EQUAL("HTTP/1.1 100 Continue\r\n\r\n", stream.written.c_str());
}

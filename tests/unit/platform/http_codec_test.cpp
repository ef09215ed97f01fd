// SPDX-License-Identifier: Apache-2.0
#include <random>
#include <string>
#include <vector>

#include "codec_bench.hpp"
#include "platform/request_encoding.hpp"

#include <CppUTest/TestHarness.h>

using namespace kms_secretd;
using namespace kms_secretd::platform;

TEST_GROUP(HttpCodec) {
  CodecBench bench;

  void checkBody(std::string const& bytes, char const* body) {
    Parsed const parsed = bench.feedWhole(bytes);
    STRCMP_EQUAL("", parsed.problem.c_str());
    CHECK_TEXT(parsed.complete, bytes.c_str());
    STRCMP_EQUAL(body, parsed.body.c_str());
    CHECK_TEXT(bench.sameHoweverCut(bytes), bytes.c_str());
  }
  void checkRefused(std::string const& bytes) {
    Parsed const parsed = bench.feedWhole(bytes);
    CHECK_TEXT(!parsed.problem.empty(), bytes.c_str());
    CHECK_TEXT(!parsed.complete, bytes.c_str());
    CHECK_TEXT(bench.sameHoweverCut(bytes), bytes.c_str());
  }
};

TEST(HttpCodec, ReadsABodyByItsLength) {
  checkBody("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", "hello");
  checkBody("HTTP/1.1 200 OK\r\ncontent-length:5\r\n\r\nhello", "hello");
  checkBody("HTTP/1.1 200 \r\nContent-Length: 0\r\n\r\n", "");
  checkBody("HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nhi", "hi");
}

TEST(HttpCodec, ReadsAChunkedBodyWithExtensionsAndTrailers) {
  std::string const head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
  checkBody(head + "5\r\nhello\r\n0\r\n\r\n", "hello");
  checkBody(head + "3;name=value\r\nabc\r\n2\r\nde\r\n0;last\r\n\r\n", "abcde");
  checkBody(head + "1\r\nx\r\n0\r\nTrailer-Field: y\r\n\r\n", "x");
  checkBody(head + "0\r\n\r\n", "");
}

TEST(HttpCodec, RepliesWithoutABodyIgnoreItsLength) {
  checkBody("HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\n", "");
  checkBody("HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n", "");
}

TEST(HttpCodec, InterimRepliesAreSkipped) {
  std::string const final = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
  checkBody("HTTP/1.1 100 Continue\r\n\r\n" + final, "ok");
  checkBody("HTTP/1.1 103 Early Hints\r\nLink: </x>\r\nDate: early\r\n\r\n" + final, "ok");
  Parsed const parsed = bench.feedWhole("HTTP/1.1 103 Early Hints\r\nDate: early\r\n\r\n" + final);
  CHECK_EQUAL(200, parsed.status);
  CHECK(parsed.headers.empty());  // what an interim reply says is no header of the reply
}

TEST(HttpCodec, AReplyIsNotCompleteWhereverItIsCut) {
  for (std::string const& whole :
       {std::string("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"),
        std::string(
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n")}) {
    for (std::size_t size = 1; size < whole.size(); ++size) {
      CodecBench closing = bench;
      closing.closeAtEnd = true;
      CHECK(!bench.feedWhole(whole.substr(0, size)).complete);
      CHECK(!closing.feedWhole(whole.substr(0, size)).complete);
    }
  }
}

TEST(HttpCodec, RefusesWhatIsNotHttp) {
  for (char const* bytes :
       {"garbage\r\n\r\n", "HTTP/2.0 200 OK\r\n\r\n", "HTTP/1.2 200 OK\r\n\r\n",
        "HTTP/1.1 2000 OK\r\n\r\n", "HTTP/1.1 20 OK\r\n\r\n", "HTTP/1.1 abc OK\r\n\r\n",
        "\x15\x03\x03\x01\x02\x02\x28 an alert of TLS", "HTTP/1.1 200 OK\nContent-Length: 0\n\n",
        "HTTP/1.1 200 OK\r\nBad Name: x\r\n\r\n", "HTTP/1.1 200 OK\r\nName : x\r\n\r\n",
        "HTTP/1.1 200 OK\r\n: x\r\n\r\n", "HTTP/1.1 200 OK\r\nName: a\x01z\r\n\r\n",
        "HTTP/1.1 200 OK\r\nName: a\rb\r\n\r\n"}) {
    checkRefused(bytes);
  }
  checkRefused(std::string("HTTP/1.1 200 OK\r\nName: a\0b\r\n\r\n", 31));
}

TEST(HttpCodec, RefusesDoubtfulLengths) {
  for (char const* length : {"-1", "+5", "0x5", "", "5 5", "5,6", "18446744073709551616",
                             "99999999999999999999", "5;"}) {
    checkRefused(std::string("HTTP/1.1 200 OK\r\nContent-Length: ") + length + "\r\n\r\nhello");
  }
  checkRefused("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello!");
  checkRefused(
      "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n");
  checkRefused(
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n");
}

TEST(HttpCodec, RefusesBrokenChunks) {
  std::string const head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
  for (char const* chunks : {"x\r\n", "5\r\nhelloXX0\r\n\r\n", "FFFFFFFFFFFFFFFFF\r\n", "-1\r\n",
                             "5 \x01\r\nhello\r\n", "\r\n\r\n"}) {
    checkRefused(head + chunks);
  }
  // Bare line feeds end no line: it waits for a real one until the connection ends.
  CHECK(!bench.feedWhole(head + "5\nhello\n0\n\n").complete);
  CHECK(bench.sameHoweverCut(head + "5\nhello\n0\n\n"));
}

TEST(HttpCodec, RandomDamageNeverChangesTheOutcomeBetweenCuts) {
  std::string const good =
      "HTTP/1.1 200 OK\r\nDate: now\r\nTransfer-Encoding: chunked\r\nX: y\r\n\r\n"
      "5;e=1\r\nhello\r\n3\r\nabc\r\n0\r\nT: u\r\n\r\n";
  std::mt19937 random(42);  // NOLINT: the same damage every time
  for (int round = 0; round < 3000; ++round) {
    std::string bytes = good;
    for (int i = 0; i < 2; ++i) {
      bytes[random() % bytes.size()] = static_cast<char>(random() % 256);
    }
    if (random() % 3 == 0) bytes.resize(random() % bytes.size());
    Parsed const whole = bench.feedWhole(bytes);
    CHECK_TEXT(bench.feed(bytes, 1) == whole, bytes.c_str());
    CHECK_TEXT(bench.feed(bytes, 7) == whole, bytes.c_str());
  }
}

TEST(HttpCodec, ErrorTextsShowNoByteOfThePeer) {
  Parsed const parsed = bench.feedWhole("HTTP/1.1 200 OK\r\nCANARY VALUE\r\n\r\n");
  CHECK(!parsed.problem.empty());
  CHECK(parsed.problem.find("CANARY") == std::string::npos);
}

TEST(HttpCodec, KeepAliveFollowsTheVersionAndTheConnectionField) {
  CHECK(bench.feedWhole("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n").keepAlive);
  CHECK(!bench.feedWhole("HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n").keepAlive);
  CHECK(!bench.feedWhole("HTTP/1.1 200 OK\r\nConnection: Close\r\nContent-Length: 0\r\n\r\n")
             .keepAlive);
  CHECK(bench.feedWhole("HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 0\r\n\r\n")
            .keepAlive);
}

TEST(HttpCodec, ARepeatedWantedHeaderIsKeptInOrder) {
  std::vector<std::string> const wanted{"warning"};
  bench.rules.wantedHeaders = wanted;
  Parsed const parsed = bench.feedWhole(
      "HTTP/1.1 200 OK\r\nWarning: one\r\nwarning: two\r\nContent-Length: 0\r\n\r\n");
  CHECK_EQUAL(2, parsed.headers.size());
  CHECK(parsed.headers[1].second == "two");
}

TEST(HttpCodec, EncodesARequestInOneWipedBlock) {
  sdk::HttpRequest request;
  request.method = "PATCH";
  request.target = "/a?b";
  request.headers = {{"X-One", "1"}, {"Host", "ignored: the caller's own Host was checked"}};
  request.body.append("body");
  STRCMP_EQUAL(
      "PATCH /a?b HTTP/1.1\r\nHost: h:1\r\nX-One: 1\r\nAccept-Encoding: identity\r\n"
      "Content-Length: 4\r\n\r\nbody",
      std::string(encodeRequest(request, "h:1").reveal()).c_str());
}

// SPDX-License-Identifier: Apache-2.0
// What Boost.Beast 1.81 leaves to us, by number as in the transport's design. Guard 8 needs a
// connection: see transport_pool_test.cpp; so does a part of guard 6.
#include <string>

#include "codec_bench.hpp"
#include "platform/request_checks.hpp"

#include <CppUTest/TestHarness.h>

using namespace kms_secretd;
using namespace kms_secretd::platform;

namespace {

constexpr char const* chunkedHead = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";

}  // namespace

TEST_GROUP(HttpGuards) {
  CodecBench bench;

  void checkRefused(std::string const& bytes, char const* why) {
    Parsed const parsed = bench.feedWhole(bytes);
    CHECK(!parsed.complete);
    CHECK_TEXT(parsed.problem.find(why) != std::string::npos, parsed.problem.c_str());
    CHECK(bench.sameHoweverCut(bytes));
  }
};

TEST(HttpGuards, Guard1_AnEmptyChunkedBodyCutBehindItsZeroDoesNotAbortTheProcess) {
  class NoSink final : public BodySink {
   public:
    bool onHead(sdk::HttpResponse&&) noexcept override { return true; }
    bool onChunk(std::string_view) noexcept override { return true; }
  } sink;
  ReplyParser parser(bench.rules, sink);
  std::string_view const head = chunkedHead;
  CHECK_EQUAL(head.size(), parser.consume(head));
  // As three reads bring it: what was not taken is offered again with more behind it.
  CHECK_EQUAL(0, parser.consume("0\r\n"));
  CHECK_EQUAL(0, parser.consume("0\r\n\r"));
  CHECK_EQUAL(5, parser.consume("0\r\n\r\n"));
  CHECK(parser.done());
}

TEST(HttpGuards, Guard2_TheHeaderLimitCountsTheWholeHeaderHoweverItComes) {
  bench.rules.maxHeaderBytes = 1024;
  class NoSink final : public BodySink {
   public:
    bool onHead(sdk::HttpResponse&&) noexcept override { return true; }
    bool onChunk(std::string_view) noexcept override { return true; }
  } sink;
  ReplyParser parser(bench.rules, sink);
  std::string waiting = "HTTP/1.1 200 OK\r\nX";
  int lines = 0;
  bool refused = false;
  try {
    for (; lines < 4000; ++lines) {
      waiting.erase(0, parser.consume(waiting));
      waiting += "-Line: 1\r\nX";  // the rest of a line and the first byte of the next
    }
  } catch (ProtocolError const&) {
    refused = true;
  }
  CHECK(refused);
  CHECK(lines < 110);
}

TEST(HttpGuards, Guard2_AHeaderOfManyLinesOrOneLongLineIsRefused) {
  bench.rules.maxHeaderBytes = 1024;
  std::string lines = "HTTP/1.1 200 OK\r\n";
  for (int i = 0; i < 200; ++i) lines += "X-Line: 1\r\n";
  checkRefused(lines + "\r\n", "header is over the limit");
  checkRefused("HTTP/1.1 200 OK\r\nX: " + std::string(2000, 'a') + "\r\n\r\n",
               "header is over the limit");
  checkRefused("HTTP/1.1 200 " + std::string(2000, 'a') + "\r\n\r\n", "header is over the limit");
}

TEST(HttpGuards, Guard2_AHeaderWithinTheLimitPasses) {
  bench.rules.maxHeaderBytes = 1024;
  std::string const fits =
      "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nX: " + std::string(900, 'a') + "\r\n\r\n";
  CHECK(bench.feedWhole(fits).complete);
  CHECK(bench.sameHoweverCut(fits));
}

TEST(HttpGuards, Guard3_AnEndlessChunkSizeLineOrTrailerNeverGathers) {
  // The parser takes nothing of it; the exchange refuses a full buffer (the bench as it does).
  std::string const extension = std::string(chunkedHead) + "5;" + std::string(20000, 'e');
  CHECK(bench.feed(extension, 100).problem == "the buffer is full");
  std::string trailers = std::string(chunkedHead) + "0\r\n";
  for (int i = 0; i < 3000; ++i) trailers += "T: u\r\n\x20\r";
  CHECK(!bench.feed(trailers, 100).problem.empty());
}

TEST(HttpGuards, Guard4_TrailersAreNotTakenForHeaders) {
  Parsed const parsed = bench.feedWhole(std::string(chunkedHead) +
                                        "1\r\nx\r\n0\r\nRetry-After: 999\r\nDate: evil\r\n\r\n");
  CHECK(parsed.complete);
  CHECK(parsed.headers.empty());
}

TEST(HttpGuards, Guard5_OnlyExactlyChunkedIsATransferEncoding) {
  for (char const* coding : {"gzip", "chunked, chunked", "xchunked", "gzip, chunked", "identity",
                             "chunked;q=1", "\"chunked\"", ""}) {
    checkRefused(
        std::string("HTTP/1.1 200 OK\r\nTransfer-Encoding: ") + coding + "\r\n\r\n0\r\n\r\n",
        "Transfer-Encoding");
  }
  checkRefused("HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\nContent-Length: 2\r\n\r\nhi",
               "Transfer-Encoding");
  CHECK(bench.feedWhole("HTTP/1.1 200 OK\r\nTransfer-Encoding: Chunked\r\n\r\n0\r\n\r\n").complete);
}

TEST(HttpGuards, Guard5_AnEncodedBodyIsRefused) {
  for (char const* coding : {"gzip", "br", "deflate", "identity, gzip"}) {
    checkRefused(std::string("HTTP/1.1 200 OK\r\nContent-Encoding: ") + coding +
                     "\r\nContent-Length: 2\r\n\r\nhi",
                 "Content-Encoding");
  }
  CHECK(
      bench.feedWhole("HTTP/1.1 200 OK\r\nContent-Encoding: identity\r\nContent-Length: 0\r\n\r\n")
          .complete);
}

TEST(HttpGuards, Guard6_ABodyToTheEndOfTheConnectionOnlyWhereItIsWanted) {
  std::string const reply = "HTTP/1.1 200 OK\r\n\r\nto the end";
  checkRefused(reply, "neither a length nor chunks");
  bench.rules.bodyToEof = true;
  bench.closeAtEnd = true;
  Parsed const parsed = bench.feedWhole(reply);
  CHECK(parsed.complete);
  STRCMP_EQUAL("to the end", parsed.body.c_str());
  CHECK(!parsed.keepAlive);
  CHECK(bench.sameHoweverCut(reply));
}

TEST(HttpGuards, Guard7_StatusBelow100AndSwitchingProtocolsAreRefused) {
  checkRefused("HTTP/1.1 099 Odd\r\nContent-Length: 0\r\n\r\n", "below 100");
  checkRefused("HTTP/1.1 000 Odd\r\nContent-Length: 0\r\n\r\n", "below 100");
  checkRefused("HTTP/1.1 101 Switching\r\nUpgrade: x\r\n\r\n", "switches protocols");
}

TEST(HttpGuards, Guard7_InterimRepliesAreCounted) {
  std::string interim;
  for (int i = 0; i < 8; ++i) interim += "HTTP/1.1 100 Continue\r\n\r\n";
  std::string const final = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
  CHECK(bench.feedWhole(interim + final).complete);
  checkRefused(interim + "HTTP/1.1 100 Continue\r\n\r\n" + final, "too many interim");
}

TEST(HttpGuards, Guard8_LeftoverBytesAreReported) {
  Parsed const parsed =
      bench.feedWhole("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhiHTTP/1.1 200 OK\r\n");
  CHECK(parsed.complete);
  STRCMP_EQUAL("HTTP/1.1 200 OK\r\n", parsed.leftover.c_str());
}

TEST(HttpGuards, Guard9_WhatWouldBreakARequestIsRefusedAndNeverQuoted) {
  auto const check = [](auto change) {
    sdk::HttpRequest request;
    change(request);
    return checkRequest(request, "kms.test");
  };
  for (char const* target :
       {"", "x", "/a b", "/a\r\nX: 1", "/a\tb", "/\x7f", "/\xc3\xa4", "http://x"}) {
    CHECK(check([&](auto& request) { request.target = target; }).has_value());
  }
  CHECK(check([](auto& request) { request.target = std::string("/a\0b", 4); }).has_value());
  for (char const* method : {"", "GET ", "G\nET", "CONNECT", "GET /x"}) {
    CHECK(check([&](auto& request) { request.method = method; }).has_value());
  }
  for (char const* name : {"", "A B", "A:", "A\r\nB", "A\x01"}) {
    CHECK(check([&](auto& request) { request.headers = {{name, "v"}}; }).has_value());
  }
  for (std::string const& value : {std::string("secret\r\nX: 1"), std::string("secret\n"),
                                   std::string("sec\0ret", 7), std::string("\x7fsecret")}) {
    auto const failure = check([&](auto& request) { request.headers = {{"Name", value}}; });
    CHECK(failure.has_value());
    CHECK(failure->kind == sdk::FailureKind::invalid_request);
    CHECK(failure->message.find("Name") != std::string::npos);
    CHECK(failure->message.find("ecret") == std::string::npos);
  }
  CHECK(!check([](auto& request) { request.headers = {{"Name", "a b\tc \xc3\xa4"}}; }).has_value());
}

TEST(HttpGuards, Guard9_FieldsOfTheConnectionAreTheTransportsOwn) {
  for (char const* name : {"Connection", "transfer-encoding", "TE", "Upgrade", "Expect", "Trailer",
                           "Keep-Alive", "Proxy-Authorization", "Proxy-Connection"}) {
    sdk::HttpRequest request;
    request.headers = {{name, "x"}};
    CHECK_TEXT(checkRequest(request, "kms.test").has_value(), name);
  }
}

TEST(HttpGuards, Guard9_HostAndTheLikeMustEqualWhatIsSentAnyway) {
  sdk::HttpRequest request;
  request.body.append("1234");
  request.headers = {
      {"host", "kms.test"}, {"Content-Length", "4"}, {"Accept-Encoding", "identity"}};
  CHECK(!checkRequest(request, "kms.test").has_value());
  CHECK(checkRequest(request, "other.test").has_value());
  request.headers = {{"Content-Length", "5"}};
  CHECK(checkRequest(request, "kms.test").has_value());
  request.headers = {{"Accept-Encoding", "gzip"}};
  CHECK(checkRequest(request, "kms.test").has_value());
}

TEST(HttpGuards, Guard10_TheBodyLimitHoldsForEveryFraming) {
  bench.rules.maxBodyBytes = 1000;
  std::string const body(1001, 'b');
  checkRefused("HTTP/1.1 200 OK\r\nContent-Length: 1001\r\n\r\n" + body, "body is over the limit");
  checkRefused(std::string(chunkedHead) + "3E9\r\n" + body + "\r\n0\r\n\r\n",
               "body is over the limit");
  bench.rules.bodyToEof = true;
  bench.closeAtEnd = true;
  checkRefused("HTTP/1.1 200 OK\r\n\r\n" + body, "body is over the limit");
}

TEST(HttpGuards, Guard10_ManySmallChunksCountTogether) {
  bench.rules.maxBodyBytes = 1000;
  std::string chunks = chunkedHead;
  for (int i = 0; i < 101; ++i) chunks += "a\r\n0123456789\r\n";
  CHECK(!bench.feedWhole(chunks).problem.empty());
}

TEST(HttpGuards, Guard11_AHeadReplyIsSkippedBeforeItsFirstByte) {
  bench.rules.withoutBody = true;
  Parsed const parsed = bench.feedWhole("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n");
  CHECK(parsed.complete);
  CHECK(parsed.body.empty());
  Parsed const chunked = bench.feedWhole(chunkedHead);
  CHECK(chunked.complete);
}

TEST(HttpGuards, Guard11_EachInterimReplyHasItsOwnParser) {
  // A used parser would take the second message's bytes for a body, or not at all.
  Parsed const parsed = bench.feedWhole(
      "HTTP/1.1 102 Processing\r\nContent-Length: 5\r\n\r\n"
      "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nnow");
  CHECK(parsed.complete);
  STRCMP_EQUAL("now", parsed.body.c_str());
}

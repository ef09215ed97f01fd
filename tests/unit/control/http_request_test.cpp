// SPDX-License-Identifier: Apache-2.0
#include "control/http_request.hpp"

#include <string>

#include <CppUTest/TestHarness.h>

using namespace kms_secretd::control;

TEST_GROUP(RequestReader) {
  RequestReader reader;

  int refused(std::string const& bytes) {
    RequestReader fresh;
    fresh.feed(bytes);
    return fresh.refusal() ? fresh.refusal()->status : 0;
  }
};

TEST(RequestReader, ReadsARequestThatComesByteByByte) {
  std::string const bytes =
      "POST /v1/sync?x=1 HTTP/1.1\r\nHost: LocalHost\r\nContent-Length: 4\r\n\r\nbody";
  for (char const c : bytes) {
    CHECK_FALSE(reader.done());
    reader.feed({&c, 1});
  }
  CHECK_TRUE(reader.done());
  CHECK_EQUAL(std::string("POST"), reader.request().method);
  CHECK_EQUAL(std::string("/v1/sync"), reader.request().path);
  CHECK_EQUAL(std::string("localhost"), reader.request().host);
  CHECK_EQUAL(std::string("body"), reader.request().body);
}

TEST(RequestReader, WaitsForTheRestOfAHeadAndOfABody) {
  reader.feed("GET / HTTP/1.1\r\nHost: a\r\n");
  CHECK_FALSE(reader.done() || reader.refusal());
  reader.feed("Content-Length: 2\r\n\r\n1");
  CHECK_FALSE(reader.done() || reader.refusal());
  reader.feed("2");
  CHECK_TRUE(reader.done());
}

TEST(RequestReader, RefusesWhatIsAmbiguousInsteadOfRepairingIt) {
  LONGS_EQUAL(400, refused("GET / HTTP/1.1\r\n\r\n"));
  LONGS_EQUAL(400, refused("GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n"));
  LONGS_EQUAL(400, refused("GET / HTTP/1.1\nHost: a\n\r\n\r\n"));
  LONGS_EQUAL(400, refused("GET / HTTP/1.1\r\nHost: a\r\n folded\r\n\r\n"));
  LONGS_EQUAL(400, refused("GET / HTTP/1.0\r\nHost: a\r\n\r\n"));
  LONGS_EQUAL(400, refused("GET  / HTTP/1.1\r\nHost: a\r\n\r\n"));
  LONGS_EQUAL(400, refused("GET http://a/ HTTP/1.1\r\nHost: a\r\n\r\n"));
  LONGS_EQUAL(400, refused("GET / HTTP/1.1\r\nHost : a\r\n\r\n"));
  LONGS_EQUAL(400, refused("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1, 1\r\n\r\n1"));
  LONGS_EQUAL(400, refused("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n1"));
  LONGS_EQUAL(400, refused("POST / HTTP/1.1\r\nHost: a\r\nContent-Length:\r\n\r\n1"));
  LONGS_EQUAL(400, refused("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n"
                           "Content-Length: 1\r\n\r\n1"));
  LONGS_EQUAL(501, refused("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"));
  LONGS_EQUAL(400, refused("\r\n\r\n"));
  LONGS_EQUAL(400, refused(std::string("GET / HTTP/1.1\r\nHost: a\0b\r\n\r\n", 29)));
}

TEST(RequestReader, RefusesGiants) {
  LONGS_EQUAL(431, refused(std::string(RequestReader::maxHead + 1, 'a')));
  LONGS_EQUAL(431, refused("GET / HTTP/1.1\r\nHost: a\r\nX: " +
                           std::string(RequestReader::maxHead, 'a') + "\r\n\r\n"));
  LONGS_EQUAL(413, refused("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 16385\r\n\r\n"));
  LONGS_EQUAL(400, refused("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: "
                           "99999999999999999999999\r\n\r\n"));
}

TEST(RequestReader, WritesARepliesLengthAndEndsTheConnection) {
  auto const bytes = encodeReply({.status = 503, .contentType = "text/plain", .body = "no\n"});
  STRCMP_CONTAINS("HTTP/1.1 503 Service Unavailable\r\n", bytes.c_str());
  STRCMP_CONTAINS("Content-Length: 3\r\n", bytes.c_str());
  STRCMP_CONTAINS("Connection: close\r\n\r\nno\n", bytes.c_str());
}

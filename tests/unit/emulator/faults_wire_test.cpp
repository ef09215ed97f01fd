// SPDX-License-Identifier: Apache-2.0
#include <chrono>
#include <string>
#include <thread>

#include "running_emulator.hpp"

#include <CppUTest/TestHarness.h>

using namespace kms_secretd::emulator;
using namespace kms_secretd::emulator::test;

// Every kind of fault over a real connection: what the client sees is what README.md promises.
TEST_GROUP(FaultsOnTheWire) {
  RunningEmulator running;
  std::unique_ptr<Client> client;
  std::string body;  // of the true reply, as long as every true reply

  void setup() override {
    body = bodyOf(running.fetch());
    CHECK_TRUE(body.size() > 100);
    running.control("DELETE", "/requests");  // that one is not what awaitRequestLogged() awaits
  }

  void provoke(const std::string& fault) {
    running.fault(fault);
    client = running.connect();
    CHECK_TRUE(client != nullptr);
    CHECK_TRUE(client->send(RunningEmulator::goodRequest()));
  }

  // After a fault for one request the next one on the same connection is answered.
  void expectAlive() {
    CHECK_TRUE(client->send(RunningEmulator::goodRequest()));
    CHECK_EQUAL(200, statusOf(client->reply()));
  }

  // A connection that is reset before its request was read ends otherwise.
  void awaitRequestLogged() {
    for (int i = 0; i < 1000; ++i) {
      if (running.control("GET", "/requests").find("GetSecretValue") != std::string::npos) return;
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    FAIL("the request never arrived");
  }

  void expectEnd(End end) { CHECK_EQUAL(static_cast<int>(end), static_cast<int>(client->end())); }
};

TEST(FaultsOnTheWire, ErrorAnswersLikeTheService) {
  provoke(R"({"kind":"error","status":429,"code":"Rejected.Throttling",
              "message":"QPS Limit Exceeded","count":1})");
  const std::string reply = client->reply();
  CHECK_EQUAL(429, statusOf(reply));
  STRCMP_CONTAINS(R"({"HttpStatus":429,"Code":"Rejected.Throttling",)"
                  R"("Message":"QPS Limit Exceeded","RequestId":")",
                  reply.c_str());
  expectAlive();
}

TEST(FaultsOnTheWire, ErrorAnswersLikeTheGatewayWithRateLimitHeaders) {
  provoke(R"({"kind":"error","status":400,"code":"Throttling.User","form":"gateway","count":1,
              "headers":{"x-ratelimit-user":"Limit:1,Remain:0,TimeLeft:2000,Reset:1234"}})");
  const std::string reply = client->reply();
  STRCMP_CONTAINS("x-ratelimit-user: Limit:1,Remain:0,TimeLeft:2000,Reset:1234\r\n", reply.c_str());
  STRCMP_CONTAINS("\"HostId\":\"kms.cn-hangzhou.aliyuncs.com\"", reply.c_str());
  expectAlive();
}

TEST(FaultsOnTheWire, BodyAnswersAnything) {
  provoke(R"({"kind":"body","status":503,"body":"<html>busy</html>","count":1})");
  const std::string reply = client->reply();
  CHECK_EQUAL(503, statusOf(reply));
  STRCMP_CONTAINS("Content-Type: text/html\r\n", reply.c_str());
  STRCMP_EQUAL("<html>busy</html>", bodyOf(reply).c_str());
  expectAlive();
}

TEST(FaultsOnTheWire, RedirectPointsElsewhere) {
  provoke(R"({"kind":"redirect","location":"https://127.0.0.1:1/","count":1})");
  const std::string reply = client->reply();
  CHECK_EQUAL(302, statusOf(reply));
  STRCMP_CONTAINS("Location: https://127.0.0.1:1/\r\n", reply.c_str());
  expectAlive();
}

TEST(FaultsOnTheWire, LatencyDelaysTheTrueReply) {
  provoke(R"({"kind":"latency","delay_ms":30,"count":1})");
  CHECK_EQUAL(200, statusOf(client->reply()));
  expectAlive();
}

TEST(FaultsOnTheWire, ResetBeforeTheHeadGivesNothing) {
  provoke(R"({"kind":"reset"})");
  STRCMP_EQUAL("", client->rest().c_str());
  expectEnd(End::reset);
}

TEST(FaultsOnTheWire, ResetAfterTheHeadGivesTheHead) {
  provoke(R"({"kind":"reset","at":"headers"})");
  const std::string reply = client->rest();
  CHECK_TRUE(reply.ends_with("\r\n\r\n"));
  expectEnd(End::reset);
}

TEST(FaultsOnTheWire, ResetInTheBodyGivesHalf) {
  provoke(R"({"kind":"reset","at":"body"})");
  CHECK_EQUAL(body.size() / 2, bodyOf(client->rest()).size());
  expectEnd(End::reset);
}

TEST(FaultsOnTheWire, TruncationWithGoodbye) {
  provoke(R"({"kind":"truncate","bytes":7})");
  const std::string reply = client->rest();
  CHECK_EQUAL(7U, bodyOf(reply).size());
  STRCMP_CONTAINS(("Content-Length: " + std::to_string(body.size())).c_str(), reply.c_str());
  expectEnd(End::closed);
}

TEST(FaultsOnTheWire, TruncationWithoutGoodbye) {
  provoke(R"({"kind":"truncate","at":"fin","bytes":0})");
  CHECK_EQUAL(0U, bodyOf(client->rest()).size());
  expectEnd(End::truncated);
}

TEST(FaultsOnTheWire, LengthTooLongThenClosed) {
  provoke(R"({"kind":"length","delta":5})");
  const std::string reply = client->rest();
  CHECK_EQUAL(body.size(), bodyOf(reply).size());
  STRCMP_CONTAINS(("Content-Length: " + std::to_string(body.size() + 5)).c_str(), reply.c_str());
  expectEnd(End::closed);
}

TEST(FaultsOnTheWire, LengthTooShortLeavesBytesBehind) {
  provoke(R"({"kind":"length","delta":-4,"close":true})");
  CHECK_EQUAL(body.size() - 4, bodyOf(client->reply()).size());
  CHECK_EQUAL(4U, client->rest().size());
}

TEST(FaultsOnTheWire, DripDeliversEverythingInSmallPieces) {
  provoke(R"({"kind":"drip","bytes":40,"interval_ms":1,"count":1})");
  CHECK_EQUAL(body.size(), bodyOf(client->reply()).size());
  expectAlive();
}

TEST(FaultsOnTheWire, GarbageInsteadOfTheReply) {
  provoke(R"({"kind":"garbage","bytes":300})");
  const std::string reply = client->rest();
  CHECK_EQUAL(300U, reply.size());
  CHECK_EQUAL(0, statusOf(reply));
}

TEST(FaultsOnTheWire, GarbageInsteadOfTheBody) {
  provoke(R"({"kind":"garbage","at":"body","bytes":300,"count":1})");
  const std::string reply = client->reply();
  CHECK_EQUAL(200, statusOf(reply));
  CHECK_EQUAL(300U, bodyOf(reply).size());
  expectAlive();
}

TEST(FaultsOnTheWire, HugeBodyIsValidJsonOfTheSizeAsked) {
  provoke(R"({"kind":"huge","bytes":3000000,"count":1})");
  const std::string reply = client->reply();
  CHECK_EQUAL(3000000U, bodyOf(reply).size());
  CHECK_TRUE(boost::json::parse(bodyOf(reply)).is_object());
  expectAlive();
}

TEST(FaultsOnTheWire, HugeHead) {
  provoke(R"({"kind":"huge","at":"headers","bytes":200000,"count":1})");
  CHECK_TRUE(client->reply().size() > 200000);
  expectAlive();
}

TEST(FaultsOnTheWire, ChunkedCarriesTheSameBodyInPieces) {
  running.fault(R"({"kind":"chunked","bytes":100})");
  V3Request request;
  request.params = {{"SecretName", "app/db"}};
  request.unsignedExtras = {{"connection", "close"}};
  client = running.connect();
  client->send(request.wire());
  const std::string reply = client->rest();
  STRCMP_CONTAINS("Transfer-Encoding: chunked\r\n", reply.c_str());
  CHECK_TRUE(reply.find("Content-Length") == std::string::npos);
  std::string joined;
  std::string left = bodyOf(reply);
  while (const std::size_t size = std::strtoul(left.c_str(), nullptr, 16)) {
    CHECK_TRUE(size <= 100);
    const auto line = left.find("\r\n");
    joined += left.substr(line + 2, size);
    left.erase(0, line + 2 + size + 2);
  }
  STRCMP_EQUAL("0\r\n\r\n", left.c_str());
  CHECK_EQUAL(body.size(), joined.size());
  CHECK_TRUE(boost::json::parse(joined).is_object());
}

TEST(FaultsOnTheWire, CloseIdleAnswersAndLeavesWithoutAWord) {
  provoke(R"({"kind":"close_idle"})");
  const std::string reply = client->reply();
  CHECK_EQUAL(200, statusOf(reply));
  STRCMP_CONTAINS("Connection: keep-alive\r\n", reply.c_str());
  STRCMP_EQUAL("", client->rest().c_str());
  expectEnd(End::closed);
}

TEST(FaultsOnTheWire, BlackHoleReadsTheRequestAndEndsWithTheConnection) {
  provoke(R"({"kind":"black_hole"})");
  awaitRequestLogged();
  running.control("POST", "/connections/close", R"({"how":"reset"})");
  STRCMP_EQUAL("", client->rest().c_str());
  expectEnd(End::reset);
  STRCMP_CONTAINS("\"kind\":\"black_hole\"", running.control("GET", "/faults").c_str());
}

TEST(FaultsOnTheWire, TlsFaultsFailTheHandshake) {
  for (const char* at : {"accept", "reset", "hello", "alert", "garbage"}) {
    running.fault(R"({"kind":"tls","count":1,"at":")" + std::string(at) + "\"}");
    CHECK_TRUE(running.connect() == nullptr);
    CHECK_TRUE(running.connect() != nullptr);
  }
}

TEST(FaultsOnTheWire, TlsSilenceLastsUntilTheClientGoes) {
  running.fault(R"({"kind":"tls","count":1,"at":"silence"})");
  Client silent(running.emulator().kmsPort());
  CHECK_TRUE(silent.send("hello"));
  running.control("POST", "/connections/close", "");
  STRCMP_EQUAL("", silent.rest().c_str());
}

TEST(FaultsOnTheWire, FaultsNeverHideABadSignature) {
  running.fault(R"({"kind":"error","status":500,"code":"InternalFailure"})");
  V3Request request;
  request.secret = "wrong";
  client = running.connect();
  client->send(request.wire());
  STRCMP_CONTAINS("SignatureDoesNotMatch", client->reply().c_str());
}

TEST(FaultsOnTheWire, ARetryWithTheSameNonceAfterAFaultIsSeen) {
  running.fault(R"({"kind":"error","status":503,"code":"ServiceUnavailableTemporary","count":1})");
  V3Request request;
  request.params = {{"SecretName", "app/db"}};
  request.nonce = "again";
  client = running.connect();
  client->send(request.wire());
  CHECK_EQUAL(503, statusOf(client->reply()));
  client->send(request.wire());
  STRCMP_CONTAINS("SignatureNonceUsed", client->reply().c_str());
}

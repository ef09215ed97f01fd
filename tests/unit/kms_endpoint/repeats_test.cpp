// SPDX-License-Identifier: Apache-2.0
// The three immediate repeats, each at most once in one call (rules 5): counted on the wire.
#include <string>

#include "store.hpp"

#include <CppUTest/TestHarness.h>

using namespace kms_secretd;
using namespace kms_secretd::kms_endpoint;
using namespace std::chrono_literals;

TEST_GROUP(Repeats) {
  Store store;

  void refuseForEver(std::string const& body, std::string const& date = hostsDate) {
    store.gateway().otherwise([=](fakes::SentRequest const& request) {
      return fakes::responseOf({.status = 400, .body = body, .headers = {{"date", date}}}, request);
    });
  }
  std::string sentHeader(std::size_t index, char const* name) {
    return store.gateway().sent().at(index).header(name);
  }
};

TEST(Repeats, AUsedNonceIsReplacedOnce) {
  store.refuse(400, "SignatureNonceUsed");
  store.succeed();
  CHECK(store.fetch().ok());
  LONGS_EQUAL(2, store.gateway().count());
  CHECK(sentHeader(0, "x-acs-signature-nonce") != sentHeader(1, "x-acs-signature-nonce"));
}

TEST(Repeats, AUsedNonceIsNotReplacedTwice) {
  refuseForEver(R"({"Code":"SignatureNonceUsed"})");
  STRCMP_EQUAL("unavailable", sdk::nameOf(store.fetch().failure().kind));
  LONGS_EQUAL(2, store.gateway().count());
}

TEST(Repeats, AWrongClockIsCorrectedOnceFromTheDateOfTheReply) {
  store.host.time().setWall(store.host.time().wall() - 3h);
  store.refuse(400, "InvalidTimeStamp.Expired");
  store.succeed();
  CHECK(store.fetch().ok());
  STRCMP_EQUAL("2026-09-01T05:00:00Z", sentHeader(0, "x-acs-date").c_str());
  STRCMP_EQUAL("2026-09-01T08:00:00Z", sentHeader(1, "x-acs-date").c_str());
}

TEST(Repeats, ACorrectedClockStaysCorrectedForLaterCalls) {
  store.host.time().setWall(store.host.time().wall() + 24h);
  store.refuse(400, "IllegalTimestamp");
  store.succeed();
  store.succeed();
  CHECK(store.fetch().ok());
  store.host.time().advance(30s);
  CHECK(store.fetch().ok());
  LONGS_EQUAL(3, store.gateway().count());
  STRCMP_EQUAL("2026-09-01T08:00:30Z", sentHeader(2, "x-acs-date").c_str());
}

TEST(Repeats, AClockThatTheServerConfirmsIsNotTriedAgain) {
  refuseForEver(R"({"Code":"InvalidTimeStamp.Expired"})");
  auto const result = store.fetch();
  STRCMP_EQUAL("unauthenticated", sdk::nameOf(result.failure().kind));
  LONGS_EQUAL(1, store.gateway().count());
  CHECK(result.failure().message.find("clock") != std::string::npos);
}

TEST(Repeats, AServerThatLiesAboutTheTimeIsBelievedOnce) {
  refuseForEver(R"({"Code":"InvalidTimeStamp.Expired"})", "Sun, 06 Nov 1994 08:49:37 GMT");
  CHECK_FALSE(store.fetch().ok());
  LONGS_EQUAL(2, store.gateway().count());
}

TEST(Repeats, AnUnreadableDateCausesNoRepeat) {
  refuseForEver(R"({"Code":"InvalidTimeStamp.Expired"})", "yesterday");
  CHECK_FALSE(store.fetch().ok());
  LONGS_EQUAL(1, store.gateway().count());
}

TEST(Repeats, B20_ARefusedKeyIsReadAnewAndTriedOnce) {
  store.gateway().next([this](fakes::SentRequest const& request) {
    store.host.source("token").set("token2");
    return fakes::responseOf({.status = 400, .body = R"({"Code":"InvalidSecurityToken.Expired"})"},
                             request);
  });
  store.succeed();
  CHECK(store.fetch().ok());
  LONGS_EQUAL(2, store.gateway().count());
  STRCMP_EQUAL(canaryToken, sentHeader(0, "x-acs-security-token").c_str());
  STRCMP_EQUAL("token2", sentHeader(1, "x-acs-security-token").c_str());
}

TEST(Repeats, ARefusedKeyThatDidNotChangeIsNotTriedAgain) {
  for (auto const* code : {"InvalidAccessKeyId.NotFound", "SignatureDoesNotMatch",
                           "InvalidSecurityToken.Expired", "SecurityTokenExpired"}) {
    Store fresh;
    fresh.refuse(403, code);
    STRCMP_EQUAL("unauthenticated", sdk::nameOf(fresh.fetch().failure().kind));
    LONGS_EQUAL(1, fresh.gateway().count());
  }
}

TEST(Repeats, KeysThatKeepRotatingAndKeepBeingRefusedAreTriedTwice) {
  int rotations = 0;
  store.gateway().otherwise([&](fakes::SentRequest const& request) {
    store.host.source("token").set("token" + std::to_string(++rotations));
    return fakes::responseOf({.status = 400, .body = R"({"Code":"InvalidSecurityToken.Expired"})"},
                             request);
  });
  STRCMP_EQUAL("unauthenticated", sdk::nameOf(store.fetch().failure().kind));
  LONGS_EQUAL(2, store.gateway().count());
}

TEST(Repeats, ARefusedKeyWhoseSourceBrokeSaysBoth) {
  store.gateway().next([this](fakes::SentRequest const& request) {
    store.host.source("token").set("");
    return fakes::responseOf({.status = 400, .body = R"({"Code":"InvalidSecurityToken.Expired"})"},
                             request);
  });
  auto const result = store.fetch();
  auto const& message = result.failure().message;
  CHECK(message.find("InvalidSecurityToken.Expired") != std::string::npos);
  CHECK(message.find("auth.token is empty") != std::string::npos);
  LONGS_EQUAL(1, store.gateway().count());
}

TEST(Repeats, AllThreeCausesTogetherSendFourRequestsAtMost) {
  int count = 0;
  store.gateway().otherwise([&](fakes::SentRequest const& request) {
    static constexpr char const* codes[] = {"SignatureNonceUsed", "InvalidTimeStamp.Expired",
                                            "InvalidAccessKeyId.NotFound"};
    auto const* code = codes[count % 3];
    store.host.source("token").set("token" + std::to_string(++count));
    return fakes::responseOf({.status = 400,
                              .body = R"({"Code":")" + std::string(code) + "\"}",
                              .headers = {{"date", "Sun, 06 Nov 1994 08:49:37 GMT"}}},
                             request);
  });
  CHECK_FALSE(store.fetch().ok());
  LONGS_EQUAL(4, store.gateway().count());
}

TEST(Repeats, EverythingElseIsSentOnce) {
  for (auto const* code :
       {"Rejected.Throttling", "Throttling.User", "InternalFailure", "ServiceUnavailableTemporary",
        "Forbidden.NoPermission", "Forbidden.ResourceNotFound", "InvalidParameter", "Unknown"}) {
    Store fresh;
    fresh.refuse(400, code);
    CHECK_FALSE(fresh.fetch().ok());
    LONGS_EQUAL(1, fresh.gateway().count());
  }
}

TEST(Repeats, AFailureOfTheTransportIsNotRepeated) {
  store.gateway().fail({.kind = sdk::FailureKind::unavailable, .message = "reset"});
  CHECK_FALSE(store.fetch().ok());
  LONGS_EQUAL(1, store.gateway().count());
}

// SPDX-License-Identifier: Apache-2.0
// The immediate repeats, each at most once in one call (rules 5): counted on the wire.
#include <string>

#include "emulator/instance/key_maker.hpp"
#include "store.hpp"

#include <CppUTest/TestHarness.h>

using namespace kms_secretd;
using namespace kms_secretd::kms_instance_endpoint;
using namespace std::chrono_literals;

TEST_GROUP(InstanceRepeats) {
  Store store;

  std::string sentHeader(std::size_t index, char const* name) {
    return store.gateway().sent().at(index).header(name);
  }
};

TEST(InstanceRepeats, AWrongClockIsCorrectedOnceFromTheDateOfTheReply) {
  store.host.time().setWall(store.host.time().wall() - 3h);
  store.refuse(400, "RequestTimeTooSkewed");
  store.succeed();
  store.succeed();
  CHECK(store.fetch().ok());
  STRCMP_EQUAL("Tue, 01 Sep 2026 05:00:00 GMT", sentHeader(0, "date").c_str());
  STRCMP_EQUAL(hostsDate, sentHeader(1, "date").c_str());
  CHECK(sentHeader(0, "authorization") != sentHeader(1, "authorization"));
  CHECK(store.fetch().ok());
  LONGS_EQUAL(3, store.gateway().count());
}

TEST(InstanceRepeats, ADateThatIsCalledInvalidIsCorrectedAsWell) {
  store.host.time().setWall(store.host.time().wall() + 24h);
  store.refuse(400, "InvalidParam", "The Param Date is invalid.");
  store.succeed();
  CHECK(store.fetch().ok());
}

TEST(InstanceRepeats, AClockThatTheServerConfirmsIsNotTriedAgain) {
  store.refuse(400, "RequestTimeTooSkewed");
  auto const result = store.fetch();
  STRCMP_EQUAL("unauthenticated", sdk::nameOf(result.failure().kind));
  CHECK(result.failure().message.find("clock") != std::string::npos);
  LONGS_EQUAL(1, store.gateway().count());
}

TEST(InstanceRepeats, ADigestThatArrivedBrokenIsSentOnceMore) {
  store.refuse(400, "InvalidParam", "The Param Content-SHA256 is invalid.");
  store.refuse(400, "InvalidParam", "The Param Content-SHA256 is invalid.");
  STRCMP_EQUAL("invalid_request", sdk::nameOf(store.fetch().failure().kind));
  LONGS_EQUAL(2, store.gateway().count());
}

TEST(InstanceRepeats, B20_ARefusedKeyIsReadAnewAndTriedOnce) {
  auto const made = emulator::makeClientKey({.id = "KAAP.second", .password = "Second*2026"});
  store.gateway().next([&](fakes::SentRequest const& request) {
    store.host.source("key").set(made.json);
    store.host.source("password").set(made.password);
    return fakes::responseOf({.status = 401, .body = errorBody("Unauthorized", "gone")}, request);
  });
  store.succeed();
  CHECK(store.fetch().ok());
  STRCMP_EQUAL("KAAP.second", sentHeader(1, "x-kms-acccesskeyid").c_str());
}

TEST(InstanceRepeats, ARefusedKeyThatDidNotChangeIsNotTriedAgain) {
  for (auto const* code : {"Unauthorized", "SignatureNotMatch"}) {
    Store fresh;
    fresh.refuse(401, code);
    STRCMP_EQUAL("unauthenticated", sdk::nameOf(fresh.fetch().failure().kind));
    LONGS_EQUAL(1, fresh.gateway().count());
  }
}

TEST(InstanceRepeats, ARefusedKeyWhoseSuccessorIsUnusableSaysBoth) {
  store.gateway().next([&](fakes::SentRequest const& request) {
    store.host.source("password").set("wrong");
    return fakes::responseOf({.status = 401, .body = errorBody("Unauthorized", "gone")}, request);
  });
  auto const result = store.fetch();
  auto const& message = result.failure().message;
  CHECK(message.find("Unauthorized") != std::string::npos);
  CHECK(message.find("the password of the client key is wrong") != std::string::npos);
  LONGS_EQUAL(1, store.gateway().count());
}

TEST(InstanceRepeats, EverythingElseIsSentOnce) {
  for (auto const* code : {"Rejected.Throttling", "InternalFailure", "ServiceUnavailableTemporary",
                           "Forbidden.NoPermission", "Forbidden.ResourceNotFound", "Unknown"}) {
    Store fresh;
    fresh.refuse(400, code);
    CHECK_FALSE(fresh.fetch().ok());
    LONGS_EQUAL(1, fresh.gateway().count());
  }
}

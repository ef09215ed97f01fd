// SPDX-License-Identifier: Apache-2.0
#include "app/credential_watch.hpp"

#include <chrono>
#include <string>

#include "fakes/fake_host.hpp"

#include <CppUTest/TestHarness.h>

using namespace kms_secretd;
using namespace std::chrono_literals;

TEST_GROUP(CredentialWatch) {
  fakes::FakeHost host;
  app::CredentialWatch watch{};
  sdk::WallTime now{1'790'000'000s};

  std::vector<app::CredentialWatch::News> look(sdk::Milliseconds left) {
    return watch.look({{"instance", {.credential = "client key KAAP.1", .at = now + left}}}, now);
  }
};

TEST(CredentialWatch, SaysNothingOfWhatIsGoodForLong) { CHECK(look(31 * 24h).empty()); }

TEST(CredentialWatch, WarnsThirtyDaysAheadWithTheStoreAndTheRemedy) {
  auto const news = look(29 * 24h + 1h);
  CHECK_EQUAL(1U, news.size());
  STRCMP_EQUAL("instance", news.front().store.c_str());
  STRCMP_CONTAINS("store instance: the client key KAAP.1 ends in 29 days",
                  news.front().text.c_str());
  STRCMP_CONTAINS("create a new one", news.front().text.c_str());
}

TEST(CredentialWatch, WarnsOnceADay) {
  CHECK_EQUAL(1U, look(24h).size());
  now += 1h;
  CHECK(look(23h).empty());
  now += 24h;
  STRCMP_CONTAINS("ended 61 minutes ago", look(-1h - 1min).front().text.c_str());
}

TEST(CredentialWatch, SaysWhenTheEndHasCome) {
  STRCMP_CONTAINS("ends in 90 minutes", look(90min).front().text.c_str());
  now += 90min;
  STRCMP_CONTAINS("ended 0 minutes ago", look(0min).front().text.c_str());
  now += 1min;
  CHECK(look(-1min).empty());
}

TEST(CredentialWatch, WarnsAgainAtOnceIfTheNextOneEndsSoonAsWell) {
  CHECK_EQUAL(1U, look(24h).size());
  CHECK(look(365 * 24h).empty());
  CHECK_EQUAL(1U, look(24h).size());
}

TEST(CredentialWatch, RemembersWhatTheBackendToldLast) {
  app::Notices notices;
  app::StoreHost store("shared", host, notices);
  CHECK_FALSE(store.credentialEnd().has_value());
  store.credentialExpires("client key\n1", now);
  STRCMP_EQUAL("client key 1", store.credentialEnd()->credential.c_str());
  store.credentialExpires("client key 2", sdk::neverExpires);
  CHECK_FALSE(store.credentialEnd().has_value());
}

TEST(CredentialWatch, RemembersWhoTheBackendSaidItIs) {
  app::Notices notices;
  app::StoreHost store("shared", host, notices);
  CHECK_TRUE(store.identity().empty());
  store.identityKnown("ram_role acs:ram::1:role/r\n");
  STRCMP_CONTAINS("ram_role acs:ram::1:role/r", store.identity().c_str());
  CHECK_TRUE(store.identity().find('\n') == std::string::npos);
}

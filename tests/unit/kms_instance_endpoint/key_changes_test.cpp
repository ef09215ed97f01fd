// SPDX-License-Identifier: Apache-2.0
// What is said of a client key that changes, and when.
#include <chrono>
#include <string>

#include "emulator/instance/key_maker.hpp"
#include "store.hpp"

#include <CppUTest/TestHarness.h>

using namespace kms_secretd;
using namespace kms_secretd::kms_instance_endpoint;
using namespace std::chrono_literals;

namespace {

constexpr std::int64_t now = 1'788'249'600;  // of FakeHost's clock

emulator::MadeKey made(char const* id, std::int64_t end = now + 86'400) {
  return emulator::makeClientKey({.id = id, .password = "Second*2026", .notAfter = end});
}

}  // namespace

TEST_GROUP(KeyChanges) {
  Store store;

  void write(emulator::MadeKey const& key) {
    store.host.source("key").set(key.json);
    store.host.source("password").set(key.password);
  }
  bool look() { return store.backend().lookAtCredentials(); }
  std::string said(std::size_t count) {
    auto const notices = store.host.notices();
    LONGS_EQUAL(count, notices.size());
    for (auto const& each : notices) CHECK_FALSE_TEXT(leaks(each), each.c_str());
    return notices.empty() ? "" : notices.back();
  }
  // Who signs the next request.
  std::string signer() {
    store.succeed();
    static_cast<void>(store.fetch());
    return store.gateway().sent().back().header("x-kms-acccesskeyid");
  }
};

TEST(KeyChanges, TheFirstLookTellsTheEndBeforeAnythingIsRead) {
  CHECK_TRUE(look());
  CHECK_FALSE(look());
  auto const told = store.host.expiries();
  LONGS_EQUAL(1, told.size());
  STRCMP_EQUAL("client key KAAP.unit-test-0001", told[0].credential.c_str());
  LONGS_EQUAL(0, store.gateway().count());
  said(0);
}

TEST(KeyChanges, AKeyThatDoesNotChangeIsReadOnce) {
  look();
  auto const reads = store.host.reads();
  look();
  STRCMP_EQUAL("KAAP.unit-test-0001", signer().c_str());
  LONGS_EQUAL(reads, store.host.reads());
}

TEST(KeyChanges, ALookAtAFirstKeyThatIsUnusableSaysWhy) {
  store.host.source("password").set("wrong");
  CHECK_FALSE(look());
  CHECK_FALSE(look());
  STRCMP_EQUAL(
      "the client key cannot be used: the password of the client key is wrong; write the content "
      "of the password file that was downloaded with it (clientKey_KAAP.<id>_Password.txt)",
      said(1).c_str());
  store.host.source("password").set(keyPassword);
  CHECK_TRUE(look());
  STRCMP_EQUAL("the client key can be used again: it is KAAP.unit-test-0001", said(2).c_str());
}

TEST(KeyChanges, ANewKeyThatIsUnusableIsSaidAtOnceAndTheOldOneUsed) {
  look();
  for (std::string const& bad : {std::string("garbage"), std::string("{}")}) {
    store.host.source("key").set(bad);
    store.host.source("password").set("of " + bad);
    CHECK_FALSE(look());
  }
  CHECK_FALSE(look());
  auto const notice = said(2);
  CHECK(notice.starts_with("the new client key cannot be used: the client key has no KeyId"));
  CHECK(notice.ends_with("; the old one, KAAP.unit-test-0001, stays in use"));
  STRCMP_EQUAL("KAAP.unit-test-0001", signer().c_str());
}

TEST(KeyChanges, AFileThatIsGoneIsSaidAtOnceAndWhenItIsBack) {
  look();
  store.host.source("password").fail({.kind = sdk::FailureKind::not_found, .message = "no file"});
  CHECK_FALSE(look());
  CHECK(said(1).starts_with(
      "the new client key cannot be used: client_key_password: no file; the old one"));
  store.host.source("password").set(keyPassword);
  look();
  CHECK(said(2).starts_with("the client key can be used again"));
}

TEST(KeyChanges, TheSecondOfTwoFilesIsWaitedForBeforeAnythingIsSaid) {
  look();
  auto const next = made("KAAP.next");
  store.host.source("key").set(next.json);
  CHECK_FALSE(look());
  said(0);
  store.host.source("password").set(next.password);
  CHECK_TRUE(look());
  said(0);
  STRCMP_EQUAL("KAAP.next", signer().c_str());
}

TEST(KeyChanges, ASecondFileThatDoesNotComeIsMissedAfterSomeSeconds) {
  look();
  store.host.source("key").set(made("KAAP.next").json);
  look();
  store.host.time().advance(3s);
  look();
  CHECK(said(1).starts_with(
      "the new client key cannot be used: the password of the client key is wrong;"));
}

TEST(KeyChanges, AReadSaysItAsWell) {
  STRCMP_EQUAL("KAAP.unit-test-0001", signer().c_str());
  store.host.source("key").set("garbage");
  store.host.source("password").set("other");
  STRCMP_EQUAL("KAAP.unit-test-0001", signer().c_str());
  STRCMP_EQUAL("KAAP.unit-test-0001", signer().c_str());
  CHECK(said(1).starts_with("the new client key cannot be used: the client key is not JSON"));
}

TEST(KeyChanges, ANewKeyThatHasEndedIsRefusedWhileTheOldOneIsGood) {
  look();
  write(made("KAAP.ended", now - 1));
  CHECK_FALSE(look());
  STRCMP_EQUAL(
      "the new client key cannot be used: the client key KAAP.ended expired at "
      "2026-09-01T07:59:59Z; create a new client key for the access point and write it with its "
      "password; the old one, KAAP.unit-test-0001, stays in use",
      said(1).c_str());
  STRCMP_EQUAL("KAAP.unit-test-0001", signer().c_str());
}

TEST(KeyChanges, AKeyThatSeemsToHaveEndedIsTriedOnceTheOldOneIsRefused) {
  look();
  write(made("KAAP.ended", now - 1));
  look();
  store.refuse(401, "Unauthorized");
  store.succeed();
  CHECK(store.fetch().ok());
  STRCMP_EQUAL("KAAP.ended", store.gateway().sent().at(1).header("x-kms-acccesskeyid").c_str());
  CHECK(said(2).starts_with("the client key can be used again: it is KAAP.ended"));
}

TEST(KeyChanges, AnEndedKeyWithoutAnotherIsTheServicesToRefuse) {
  write(made("KAAP.ended", now - 1));
  CHECK_TRUE(look());
  said(0);
  STRCMP_EQUAL("KAAP.ended", signer().c_str());
}

TEST(KeyChanges, AKeyInPemHasAnEndOnlyWithItsCertificate) {
  auto const key = made("KAAP.pem");
  store.options = pemStoreOptions();
  store.options.set("ca_file", textOption(store.caFile()));
  store.host.source("pem").set(key.privateKeyPem);
  CHECK_TRUE(look());
  CHECK(store.host.expiries().back().at == sdk::neverExpires);
  store.host.source("pem").set(key.privateKeyPem + key.certificatePem);
  CHECK_TRUE(look());
  CHECK(store.host.expiries().back().at == sdk::WallTime(std::chrono::seconds(now + 86'400)));
}

// SPDX-License-Identifier: Apache-2.0
#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include "emulator/instance/key_maker.hpp"
#include "kms-instance-endpoint/signing.hpp"
#include "store.hpp"
#include "vectors.hpp"

#include <CppUTest/TestHarness.h>

using namespace kms_secretd;
using namespace kms_secretd::kms_instance_endpoint;
using namespace std::chrono_literals;

TEST_GROUP(InstanceFetch) { Store store; };

TEST(InstanceFetch, PostsTheSignedRequestOfTheProtocol) {
  store.gateway().reply({.body = message("response-generic-text")});
  auto wanted = store.request();
  wanted.name = "app/db/password";
  CHECK(store.fetch(wanted).ok());
  auto const sent = store.gateway().sent().at(0);
  STRCMP_EQUAL("POST", sent.method.c_str());
  STRCMP_EQUAL("/", sent.target.c_str());
  // FakeHost's clock shows the moment of the vector, so even the signature is known.
  auto const& vector = vectors().at("dkms").at(0).as_object();
  CHECK(sent.body == unhex(textOf(vector, "request_body_hex")));
  STRCMP_EQUAL(("Bearer " + textOf(vector, "signature_base64")).c_str(),
               sent.header("authorization").c_str());
  STRCMP_EQUAL("KAAP.unit-test-0001", sent.header("x-kms-acccesskeyid").c_str());
  STRCMP_EQUAL("kms-secretd/test", sent.header("user-agent").c_str());
  STRCMP_EQUAL("", sent.header("host").c_str());  // the host adds it
}

TEST(InstanceFetch, HandsOutWhatTheInstanceSaid) {
  store.gateway().reply({.body = replyBody(textField(10, "2026-09-02T00:00:00Z") +
                                           textField(11, R"({"a":1})") + textField(12, "Invalid")),
                         .headers = {{"Date", "Tue, 01 Sep 2026 08:00:07 GMT"}}});
  auto const result = store.fetch();
  CHECK(result.ok());
  auto const& secret = result.value();
  CHECK(secret.value.reveal() == "value");
  STRCMP_EQUAL("v1", secret.versionId.c_str());
  STRCMP_EQUAL("Invalid", secret.rotationState.c_str());
  STRCMP_EQUAL("2026-09-02T00:00:00Z", secret.nextRotation.c_str());
  CHECK(secret.extendedConfig.reveal() == R"({"a":1})");
  STRCMP_EQUAL("Tue, 01 Sep 2026 08:00:07 GMT", secret.serverDate.c_str());
}

TEST(InstanceFetch, AsksForVersionStageAndExtendedConfiguration) {
  store.succeed();
  auto wanted = store.request();
  wanted.versionStage = "ACSPrevious";
  wanted.versionId = "v1";
  wanted.extendedConfig = true;
  CHECK(store.fetch(wanted).ok());
  CHECK(store.gateway().sent().at(0).body ==
        textField(1, "app/db") + textField(2, "ACSPrevious") + textField(3, "v1") + "\x20\x01");
}

TEST(InstanceFetch, RefusesAReplyAboutAnotherSecretOrVersion) {
  store.gateway().reply({.body = textField(1, "other") + textField(3, "x") + textField(6, "v1")});
  CHECK(store.fetch().failure().message.find("it is about another secret") != std::string::npos);
  store.succeed();
  auto wanted = store.request();
  wanted.versionId = "v9";
  CHECK(store.fetch(wanted).failure().message.find("another version") != std::string::npos);
}

TEST(InstanceFetch, SendsNothingThatCannotBeAName) {
  auto wanted = store.request();
  wanted.name = "a\nb";
  STRCMP_EQUAL("invalid_request", sdk::nameOf(store.fetch(wanted).failure().kind));
  LONGS_EQUAL(0, store.gateway().count());
}

TEST(InstanceFetch, BoundsARequestByItsTimeoutAndByTheCallersDeadline) {
  store.succeed();
  store.succeed();
  auto wanted = store.request();
  CHECK(store.fetch(wanted).ok());
  wanted.deadline = store.host.clock().boot() + 3s;
  CHECK(store.fetch(wanted).ok());
  CHECK(store.gateway().sent().at(0).deadline == store.host.clock().boot() + 10s);
  CHECK(store.gateway().sent().at(1).deadline == wanted.deadline);
}

TEST(InstanceFetch, B20_SignsWithANewClientKeyFromTheNextRequestOn) {
  store.succeed();
  store.succeed();
  CHECK(store.fetch().ok());
  auto const made = emulator::makeClientKey({.id = "KAAP.second", .password = "Second*2026"});
  store.host.source("key").set(made.json);
  store.host.source("password").set(made.password);
  CHECK(store.fetch().ok());
  STRCMP_EQUAL("KAAP.second", store.gateway().sent().at(1).header("x-kms-acccesskeyid").c_str());
}

TEST(InstanceFetch, KeepsTheOldKeyWhileTheNewOneIsHalfWritten) {
  store.succeed();
  store.succeed();
  CHECK(store.fetch().ok());
  store.host.source("key").set(emulator::makeClientKey({.id = "KAAP.second"}).json);
  CHECK(store.fetch().ok());  // its password is not there yet
  STRCMP_EQUAL("KAAP.unit-test-0001",
               store.gateway().sent().at(1).header("x-kms-acccesskeyid").c_str());
}

TEST(InstanceFetch, ReadsAPairThatChangesWhileItIsReadAsOne) {
  auto const made = emulator::makeClientKey({.id = "KAAP.second", .password = "Second*2026"});
  bool done = false;
  store.host.source("password").beforeRead([&] {
    if (std::exchange(done, true)) return;
    store.host.source("key").set(made.json);
    store.host.source("password").set(made.password);
  });
  store.succeed();
  CHECK(store.fetch().ok());
  STRCMP_EQUAL("KAAP.second", store.gateway().sent().at(0).header("x-kms-acccesskeyid").c_str());
}

TEST(InstanceFetch, SignsWithAKeyInPem) {
  store.options = pemStoreOptions();
  store.options.set("ca_file", textOption(store.caFile()));
  store.host.source("pem").set(keyPart("private_key_pem"));
  store.succeed();
  CHECK(store.fetch().ok());
  STRCMP_EQUAL("KAAP.pem", store.gateway().sent().at(0).header("x-kms-acccesskeyid").c_str());
}

TEST(InstanceFetch, ShowsTheCertificateOnlyIfAskedTo) {
  store.succeed();
  CHECK(store.fetch().ok());
  CHECK_FALSE(store.host.openedTransports().at(0).hasClientKey);
  Store showing;
  showing.options.set("present_client_certificate", sdk::OptionValue(true));
  showing.succeed();
  showing.succeed();
  CHECK(showing.fetch().ok());
  CHECK(showing.fetch().ok());
  auto const opened = showing.host.openedTransports();
  LONGS_EQUAL(1, opened.size());
  CHECK(opened.at(0).hasClientKey);
  STRCMP_EQUAL(keyPart("certificate_pem").c_str(), opened.at(0).clientCertificatePem.c_str());
}

TEST(InstanceFetch, TellsTheHostOnceWhenTheClientKeyEnds) {
  for (int i = 0; i < 3; ++i) store.succeed();
  CHECK(store.fetch().ok());
  CHECK(store.fetch().ok());
  auto told = store.host.expiries();
  LONGS_EQUAL(1, told.size());
  STRCMP_EQUAL("client key KAAP.unit-test-0001", told.at(0).credential.c_str());
  CHECK(told.at(0).at > store.host.clock().wall());
  store.host.source("key").set(keyPart("client_key_json_3des"));
  CHECK(store.fetch().ok());
  LONGS_EQUAL(2, store.host.expiries().size());
}

TEST(InstanceFetch, ServesManyThreadsAtOnce) {
  store.gateway().otherwise([](fakes::SentRequest const& request) {
    return fakes::responseOf({.body = replyBody()}, request);
  });
  CHECK(store.fetch().ok());
  std::atomic<int> good{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&] {
      for (int n = 0; n < 20; ++n) good += store.fetch().ok() ? 1 : 0;
    });
  }
  for (auto& thread : threads) thread.join();
  LONGS_EQUAL(160, good);
}

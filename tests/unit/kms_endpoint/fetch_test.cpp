// SPDX-License-Identifier: Apache-2.0
#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include "alicloud/v3_signing.hpp"
#include "store.hpp"

#include <CppUTest/TestHarness.h>

using namespace kms_secretd;
using namespace kms_secretd::kms_endpoint;
using namespace std::chrono_literals;

namespace {

// The signature that a server would compute from what arrived.
std::string expectedAuthorization(fakes::SentRequest const& sent, std::string const& authority) {
  auto const canonical = canonicalOf(sent, authority);
  auto const signature =
      alicloud::signatureV3(canonical.stringToSign, sdk::SecretBytes(canarySecret));
  return "ACS3-HMAC-SHA256 Credential=" + std::string(canaryId) +
         ",SignedHeaders=" + canonical.signedHeaders + ",Signature=" + signature;
}

class Stop final : public sdk::Cancellation {
 public:
  [[nodiscard]] bool requested() const noexcept override { return false; }
  [[nodiscard]] int wakeFd() const noexcept override { return -1; }
};

}  // namespace

TEST_GROUP(Fetch) { Store store; };

TEST(Fetch, PostsTheSignedRequestOfTheProtocol) {
  store.succeed();
  CHECK(store.fetch().ok());
  LONGS_EQUAL(1, store.gateway().count());
  auto const sent = store.gateway().sent().at(0);
  STRCMP_EQUAL("POST", sent.method.c_str());
  STRCMP_EQUAL("/?SecretName=app%2Fdb", sent.target.c_str());
  STRCMP_EQUAL("", sent.body.c_str());
  STRCMP_EQUAL("GetSecretValue", sent.header("x-acs-action").c_str());
  STRCMP_EQUAL("2016-01-20", sent.header("x-acs-version").c_str());
  STRCMP_EQUAL("2026-09-01T08:00:00Z", sent.header("x-acs-date").c_str());
  STRCMP_EQUAL("application/json", sent.header("accept").c_str());
  STRCMP_EQUAL("kms-secretd/test", sent.header("user-agent").c_str());
  STRCMP_EQUAL(canaryToken, sent.header("x-acs-security-token").c_str());
  STRCMP_EQUAL(canaryId, sent.header("x-acs-accesskey-id").c_str());
  STRCMP_EQUAL("", sent.header("content-type").c_str());
  STRCMP_EQUAL("", sent.header("host").c_str());  // the host adds it
  STRCMP_EQUAL(expectedAuthorization(sent, vpcHost).c_str(), sent.header("authorization").c_str());
}

TEST(Fetch, SignsThePortOfACustomEndpoint) {
  store.options.set("endpoint", textOption("localhost:8443"));
  store.options.set("custom_endpoint", sdk::OptionValue(true));
  store.host.peer("localhost").reply({.body = replyBody()});
  CHECK(store.fetch().ok());
  auto const sent = store.host.peer("localhost").sent().at(0);
  STRCMP_EQUAL(expectedAuthorization(sent, "localhost:8443").c_str(),
               sent.header("authorization").c_str());
}

TEST(Fetch, SendsNoTokenForAnAccessKey) {
  store.options = storeOptions(accessKeyOptions());
  store.succeed();
  CHECK(store.fetch().ok());
  STRCMP_EQUAL("", store.gateway().sent().at(0).header("x-acs-security-token").c_str());
}

TEST(Fetch, HandsOutWhatTheServiceSaid) {
  store.gateway().reply(
      {.body =
           replyBody(R"(,"NextRotationDate":"2026-09-02T00:00:00Z","AutomaticRotation":"Invalid",)"
                     R"("ExtendedConfig":"{\"a\":1}")"),
       .headers = {{"Date", "Tue, 01 Sep 2026 08:00:07 GMT"}}});
  auto const result = store.fetch();
  CHECK(result.ok());
  auto const& secret = result.value();
  CHECK(secret.value.reveal() == "value");
  STRCMP_EQUAL("v1", secret.versionId.c_str());
  STRCMP_EQUAL("Generic", secret.secretType.c_str());
  STRCMP_EQUAL("Invalid", secret.rotationState.c_str());
  STRCMP_EQUAL("2026-09-02T00:00:00Z", secret.nextRotation.c_str());
  CHECK(secret.extendedConfig.reveal() == R"({"a":1})");
  STRCMP_EQUAL("r-1", secret.requestId.c_str());
  STRCMP_EQUAL("Tue, 01 Sep 2026 08:00:07 GMT", secret.serverDate.c_str());
}

TEST(Fetch, TakesTheRequestIdFromTheHeaderIfTheBodyHasNone) {
  store.gateway().reply({.body = R"({"VersionId":"v1","SecretData":"value"})",
                         .headers = {{"X-Acs-Request-Id", "r-header"}}});
  STRCMP_EQUAL("r-header", store.fetch().value().requestId.c_str());
}

TEST(Fetch, DecodesABinarySecret) {
  store.gateway().reply(
      {.body = R"({"VersionId":"v1","SecretData":"AAH/","SecretDataType":"binary"})"});
  auto const result = store.fetch();
  CHECK(result.value().value.reveal() == std::string_view("\0\1\xFF", 3));
  CHECK(result.value().dataType == sdk::DataType::binary);
}

TEST(Fetch, AsksForVersionStageAndExtendedConfiguration) {
  store.succeed();
  auto wanted = store.request();
  wanted.versionStage = "ACSPrevious";
  wanted.versionId = "v1";
  wanted.extendedConfig = true;
  CHECK(store.fetch(wanted).ok());
  STRCMP_EQUAL(
      "/?FetchExtendedConfig=true&SecretName=app%2Fdb&VersionId=v1&VersionStage=ACSPrevious",
      store.gateway().sent().at(0).target.c_str());
}

TEST(Fetch, ReadsASecretOfAnotherAccountByItsArn) {
  store.succeed();
  auto wanted = store.request();
  wanted.name = "acs:kms:cn-hangzhou:1234567890123456:secret/app/db";
  CHECK(store.fetch(wanted).ok());
}

TEST(Fetch, BoundsARequestByItsTimeoutAndByTheCallersDeadline) {
  store.succeed();
  store.succeed();
  auto wanted = store.request();
  CHECK(store.fetch(wanted).ok());
  wanted.deadline = store.host.clock().boot() + 3s;
  CHECK(store.fetch(wanted).ok());
  auto const sent = store.gateway().sent();
  CHECK(sent.at(0).deadline == store.host.clock().boot() + 10s);
  CHECK(sent.at(1).deadline == wanted.deadline);
}

TEST(Fetch, HandsTheCancellationToTheTransport) {
  Stop const stop;
  store.succeed();
  auto wanted = store.request();
  wanted.cancellation = &stop;
  CHECK(store.fetch(wanted).ok());
  POINTERS_EQUAL(&stop, store.gateway().sent().at(0).cancellation);
}

TEST(Fetch, B20_SignsWithARotatedKeyFromTheNextRequestOn) {
  store.succeed();
  store.succeed();
  CHECK(store.fetch().ok());
  store.host.source("token").set("token2");
  CHECK(store.fetch().ok());
  STRCMP_EQUAL("token2", store.gateway().sent().at(1).header("x-acs-security-token").c_str());
}

TEST(Fetch, NeverUsesANonceTwice) {
  store.succeed();
  store.succeed();
  CHECK(store.fetch().ok());
  CHECK(store.fetch().ok());
  auto const sent = store.gateway().sent();
  CHECK(sent.at(0).header("x-acs-signature-nonce") != sent.at(1).header("x-acs-signature-nonce"));
}

TEST(Fetch, ServesManyThreadsAtOnce) {
  store.gateway().otherwise([](fakes::SentRequest const& request) {
    return fakes::responseOf({.body = replyBody()}, request);
  });
  CHECK(store.fetch().ok());
  std::atomic<int> good{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&] {
      for (int n = 0; n < 50; ++n) good += store.fetch().ok() ? 1 : 0;
    });
  }
  for (auto& thread : threads) thread.join();
  LONGS_EQUAL(400, good);
}

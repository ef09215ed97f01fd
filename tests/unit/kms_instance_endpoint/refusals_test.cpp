// SPDX-License-Identifier: Apache-2.0
// What the admin reads and what the schedule is told, for each way the instance can refuse.
#include <string>

#include "emulator/instance/key_maker.hpp"
#include "store.hpp"
#include "vectors.hpp"

#include <CppUTest/TestHarness.h>

using namespace kms_secretd;
using namespace kms_secretd::kms_instance_endpoint;
using namespace std::chrono_literals;

namespace {

struct Case {
  int status;
  char const* code;
  char const* text;
  char const* kind;
  char const* advice;
};

constexpr Case cases[] = {
    {404, "Forbidden.ResourceNotFound", "t", "not_found", "one of this instance"},
    {500, "Forbidden.ResourceNotFound", "t", "unavailable", "asked again"},
    {404, "Forbidden.KeyNotFound", "t", "invalid_request", "encryption key"},
    {403, "Forbidden.NoPermission", "t", "permission_denied", "policy of the access point"},
    {403, "Forbidden.DKMSInstanceStateInvalid", "t", "permission_denied", "KMS instance"},
    {401, "Unauthorized", "t", "unauthenticated", "client key exists"},
    {401, "SignatureNotMatch", "t", "unauthenticated", "does not belong to this KeyId"},
    {400, "RequestTimeTooSkewed", "t", "unauthenticated", "clock"},
    {400, "InvalidApiName", "t", "invalid_request", "protocol of client keys"},
    {400, "InvalidApiVersion", "t", "invalid_request", "protocol of client keys"},
    {400, "InvalidParam", "The Param x-kms-signaturemethod is invalid.", "invalid_request",
     "proxy"},
    {400, "InvalidParam", "The Param Authorization is invalid.", "unauthenticated", "proxy"},
    {400, "InvalidParam", "The Param Date is invalid.", "unauthenticated", "clock"},
    {400, "MissingParameter", "Parameter x-kms-acccesskeyid does not exist", "invalid_request",
     "proxy"},
    {400, "InvalidParameter", "t", "invalid_request", "name, version and stage"},
    {400, "UnsupportedOperation", "t", "invalid_request", "protocol of client keys"},
    {429, "Rejected.Throttling", "t", "throttled", "less often"},
    {400, "Rejected.Throttling", "t", "throttled", "less often"},
    {500, "InternalFailure", "t", "unavailable", "asked again"},
    {503, "ServiceUnavailableTemporary", "t", "unavailable", "asked again"},
    {404, "SomethingNew", "t", "invalid_request", ""},
    {401, "SomethingNew", "t", "unauthenticated", "client key exists"},
    {403, "SomethingNew", "t", "permission_denied", "policy"},
    {503, "SomethingNew", "t", "unavailable", ""},
};

}  // namespace

TEST_GROUP(InstanceRefusals) {
  Store store;

  std::string messageOf(sdk::Result<sdk::FetchedSecret> const& result) {
    CHECK_FALSE(result.ok());
    CHECK_FALSE(leaks(result.failure().message));
    return result.failure().message;
  }
};

TEST(InstanceRefusals, EachCodeIsClassifiedAndSaysWhatToDo) {
  for (auto const& each : cases) {
    Store fresh;
    fresh.refuse(each.status, each.code, each.text);
    auto const result = fresh.fetch();
    auto const& failure = result.failure();
    STRCMP_EQUAL_TEXT(each.kind, sdk::nameOf(failure.kind), each.code);
    STRCMP_EQUAL(each.code, failure.code.c_str());
    STRCMP_EQUAL("r-refused", failure.requestId.c_str());
    auto const& message = failure.message;
    CHECK_TRUE_TEXT(message.find(each.advice) != std::string::npos, message.c_str());
    CHECK_TRUE(message.starts_with("cannot read secret \"app/db\" from kst-hzz0000000000test."));
    CHECK_FALSE(leaks(message));
  }
}

TEST(InstanceRefusals, ABodyOfAnotherKindIsClassifiedByItsStatus) {
  store.gateway().reply({.status = 502, .body = "<html>bad gateway</html>"});
  STRCMP_EQUAL("unavailable", sdk::nameOf(store.fetch().failure().kind));
  store.gateway().reply({.status = 413, .body = ""});
  STRCMP_EQUAL("invalid_request", sdk::nameOf(store.fetch().failure().kind));
  store.gateway().reply({.status = 404, .body = "<html>nothing here</html>"});
  STRCMP_EQUAL("invalid_response", sdk::nameOf(store.fetch().failure().kind));
}

TEST(InstanceRefusals, ARedirectAndARepliesGarbageAreRefused) {
  store.gateway().reply({.status = 302, .body = ""});
  CHECK(messageOf(store.fetch()).find("redirect") != std::string::npos);
  store.gateway().reply({.body = "CANARY garbage"});
  auto const message = messageOf(store.fetch());
  CHECK(message.find("no protobuf at all") != std::string::npos);
  CHECK(message.find("CANARY") == std::string::npos);
}

TEST(InstanceRefusals, RetryAfterIsPassedOn) {
  store.gateway().reply({.status = 429,
                         .body = errorBody("Rejected.Throttling", "QPS Limit Exceeded"),
                         .headers = {{"Retry-After", "7"}}});
  LONGS_EQUAL(7000, store.fetch().failure().retryAfter.count());
}

TEST(InstanceRefusals, AnExpiredClientKeyHasItsOwnSentence) {
  auto const made = emulator::makeClientKey({.id = "KAAP.old", .notAfter = 1'788'000'000});
  store.host.source("key").set(made.json);
  store.host.source("password").set(made.password);
  store.refuse(401, "Unauthorized");
  auto const message = messageOf(store.fetch());
  CHECK(message.find("the client key KAAP.old expired at 2026-08-29T10:40:00Z; create a new client "
                     "key") != std::string::npos);
}

TEST(InstanceRefusals, AKeyThatCannotBeReadIsNoMissingSecret) {
  store.host.source("password")
      .fail({.kind = sdk::FailureKind::not_found, .message = "file /p does not exist"});
  auto result = store.fetch();
  STRCMP_EQUAL("unauthenticated", sdk::nameOf(result.failure().kind));
  CHECK(messageOf(result).find("client_key_password: file /p does not exist") != std::string::npos);
  store.host.source("password").set("wrong");
  result = store.fetch();
  STRCMP_EQUAL("unauthenticated", sdk::nameOf(result.failure().kind));
  CHECK(messageOf(result).find("the password of the client key is wrong") != std::string::npos);
  LONGS_EQUAL(0, store.gateway().count());
}

TEST(InstanceRefusals, AnUnreachableInstanceSaysWhereItAnswers) {
  store.gateway().fail({.kind = sdk::FailureKind::unavailable, .message = "no such host"});
  auto const result = store.fetch();
  STRCMP_EQUAL("unavailable", sdk::nameOf(result.failure().kind));
  CHECK(messageOf(result).find("only inside the VPCs bound to the instance") != std::string::npos);
}

TEST(InstanceRefusals, ACertificateToShowThatIsNotThereSaysSo) {
  store.options.set("present_client_certificate", sdk::OptionValue(true));
  store.host.source("key").set(keyPart("client_key_json_3des"));
  store.host.refuseTransports(
      {.kind = sdk::FailureKind::invalid_request, .message = "the client certificate is bad"});
  auto const result = store.fetch();
  STRCMP_EQUAL("unauthenticated", sdk::nameOf(result.failure().kind));
  CHECK(messageOf(result).find("the client certificate is bad") != std::string::npos);
}

// SPDX-License-Identifier: Apache-2.0
// What failures say: kind, secret, endpoint, remedy and request id, and never a credential.
#include <unistd.h>

#include <cstdlib>
#include <string>
#include <vector>

#include <boost/json.hpp>

#include "alicloud/percent_encoding.hpp"
#include "store.hpp"

#include <CppUTest/TestHarness.h>

using namespace kms_secretd;
using namespace kms_secretd::kms_endpoint;

namespace {

bool contains(std::string const& text, std::string const& part) {
  return text.find(part) != std::string::npos;
}

void checkKind(char const* kind, sdk::Result<sdk::FetchedSecret> const& result) {
  CHECK_FALSE(result.ok());
  STRCMP_EQUAL(kind, sdk::nameOf(result.failure().kind));
}

// What the gateway saw: the text that it would echo.
std::string echoOf(fakes::SentRequest const& request) {
  std::string echo = request.method + "\n/\n" + request.target.substr(2) + "\n";
  for (auto const& header : request.headers) echo += header.name + ":" + header.value + "\n";
  return echo + "secret=" + canarySecret + " " + alicloud::percentEncode(canaryToken);
}

}  // namespace

TEST_GROUP(Refusals) {
  Store store;

  sdk::Failure refusal(int status, std::string const& code, std::string const& message = "text") {
    store.refuse(status, code, message);
    auto const result = store.fetch();
    CHECK_FALSE(result.ok());
    return result.failure();
  }
};

TEST(Refusals, NameTheSecretTheEndpointTheCodeAndTheRequest) {
  auto const failure = refusal(404, "Forbidden.ResourceNotFound", "Resource not found.");
  STRCMP_EQUAL("not_found", sdk::nameOf(failure.kind));
  STRCMP_EQUAL("Forbidden.ResourceNotFound", failure.code.c_str());
  STRCMP_EQUAL("r-refused", failure.requestId.c_str());
  STRCMP_EQUAL(
      "cannot read secret \"app/db\" from kms-vpc.cn-hangzhou.aliyuncs.com: "
      "Forbidden.ResourceNotFound (HTTP 404): Resource not found.; check name, version and stage, "
      "and that region or endpoint is the secret's own",
      failure.message.c_str());
}

TEST(Refusals, SayWhichPermissionIsMissing) {
  CHECK(contains(refusal(403, "Forbidden.NoPermission").message, "kms:GetSecretValue"));
  auto const failure =
      refusal(403, "Forbidden.NoPermission",
              "This operation for key-hzz62f1cb66fa42qo is forbidden by permission "
              "system.");
  CHECK(contains(failure.message, "grant the RAM action kms:Decrypt on key-hzz62f1cb66fa42qo"));
}

TEST(Refusals, RecogniseAnOldInstanceImage) {
  auto const failure =
      refusal(400, "MissingParameter",
              "Parameter x-kms-acccesskeyid does not exist in http header or body.");
  STRCMP_EQUAL("invalid_request", sdk::nameOf(failure.kind));
  CHECK(contains(failure.message, "upgrade the instance"));
}

TEST(Refusals, TellAWrongSecretFromAChangedRequest) {
  auto const refuseEchoing = [this](bool sameRequest) {
    store.gateway().next([=](fakes::SentRequest const& request) {
      auto seen = request;
      if (!sameRequest) seen.headers.push_back({"content-type", "text/plain"});
      auto const toSign = canonicalOf(seen, vpcHost).stringToSign;
      boost::json::object const body{
          {"Code", "SignatureDoesNotMatch"},
          {"Message",
           "Specified signature does not match. server StringToSign is [" + toSign + "]"}};
      return fakes::responseOf({.status = 400, .body = boost::json::serialize(body)}, request);
    });
  };
  refuseEchoing(true);
  CHECK(
      contains(store.fetch().failure().message, "auth.secret does not belong to this access key"));
  refuseEchoing(false);
  CHECK(contains(store.fetch().failure().message, "look for a proxy that rewrites it"));
  CHECK(contains(refusal(400, "SignatureDoesNotMatch", "no echo").message, "check auth.secret"));
}

TEST(Refusals, B15_ThrottlingCarriesTheServicesWish) {
  store.gateway().reply(
      {.status = 400,
       .body = R"({"Code":"Throttling.User","Message":"slow down","RequestId":"r"})",
       .headers = {{"X-RateLimit-User", "Limit:1,Remain:0,TimeLeft:2000,Reset:1234"}}});
  auto const result = store.fetch();
  checkKind("throttled", result);
  LONGS_EQUAL(2000, result.failure().retryAfter.count());
}

TEST(Refusals, AWallOfHtmlIsJudgedByItsStatus) {
  for (int const status : {500, 502, 503, 504}) {
    store.gateway().reply({.status = status,
                           .body = "<html>CANARY</html>",
                           .headers = {{"x-acs-request-id", "r-lb"}}});
    auto const result = store.fetch();
    checkKind("unavailable", result);
    STRCMP_EQUAL("r-lb", result.failure().requestId.c_str());
    CHECK_FALSE(leaks(result.failure().message));
  }
}

TEST(Refusals, A404ThatIsNotFromKmsNeverMeansThatTheSecretIsGone) {
  for (auto const* body : {"", "<html>404</html>", "not found", "{}", R"({"Code":"NotFound"})"}) {
    store.gateway().reply({.status = 404, .body = body});
    auto const result = store.fetch();
    CHECK(result.failure().kind != sdk::FailureKind::not_found);
  }
}

TEST(Refusals, RedirectsAreRefusedAndNeverFollowed) {
  for (int const status : {300, 301, 302, 303, 304, 307, 308}) {
    Store fresh;
    fresh.gateway().reply({.status = status,
                           .body = replyBody(),
                           .headers = {{"Location", "https://evil.example/"}}});
    auto const result = fresh.fetch();
    checkKind("invalid_response", result);
    CHECK(contains(result.failure().message, "redirect, which is never followed"));
    LONGS_EQUAL(1, fresh.gateway().count());
    LONGS_EQUAL(1, fresh.host.openedTransports().size());
  }
}

TEST(Refusals, OnlyStatus200HoldsASecret) {
  for (int const status : {201, 202, 204, 206, 299}) {
    store.gateway().reply({.status = status, .body = replyBody()});
    checkKind("invalid_response", store.fetch());
  }
}

TEST(Refusals, AnAnswerAboutAnotherSecretIsRefused) {
  store.gateway().reply({.body = R"({"SecretName":"other","VersionId":"v1","SecretData":"CANARY",)"
                                 R"("RequestId":"r-2"})"});
  auto const result = store.fetch();
  checkKind("invalid_response", result);
  STRCMP_EQUAL("r-2", result.failure().requestId.c_str());
  CHECK_FALSE(leaks(result.failure().message));
}

TEST(Refusals, AnotherVersionThanThePinnedOneIsRefusedForAGenericSecretOnly) {
  auto wanted = store.request();
  wanted.versionId = "v7";
  store.succeed();
  checkKind("invalid_response", store.fetch(wanted));
  store.gateway().reply({.body = R"({"VersionId":"v1","SecretData":"x","SecretType":"Rds"})"});
  auto const managed = store.fetch(wanted);
  CHECK(managed.ok());
  STRCMP_EQUAL("v1", managed.value().versionId.c_str());
}

TEST(Refusals, ABrokenAnswerSaysWhatIsBroken) {
  store.gateway().reply(
      {.body = R"({"SecretData":"CANARY"})", .headers = {{"x-acs-request-id", "r"}}});
  auto const result = store.fetch();
  checkKind("invalid_response", result);
  STRCMP_EQUAL("r", result.failure().requestId.c_str());
  CHECK(contains(result.failure().message, "its VersionId is missing"));
  CHECK_FALSE(leaks(result.failure().message));
}

TEST(Refusals, EveryTruncatedAnswerIsRefusedWithoutShowingIt) {
  auto const whole = replyBody(R"(,"More":"CANARY")");
  for (std::size_t size = 0; size < whole.size(); ++size) {
    store.gateway().reply({.body = whole.substr(0, size)});
    auto const result = store.fetch();
    checkKind("invalid_response", result);
    CHECK_FALSE(leaks(result.failure().message));
  }
}

TEST(Refusals, AnUnreachableEndpointSaysFromWhereItCanBeReached) {
  store.gateway().fail({.kind = sdk::FailureKind::unavailable, .message = "no such host"});
  auto const result = store.fetch();
  checkKind("unavailable", result);
  CHECK(contains(result.failure().message, "no such host; a kms-vpc endpoint answers only inside"));
}

TEST(Refusals, AnUnreachableInstanceSaysFromWhereItCanBeReached) {
  auto const* instance = "kst-1.cryptoservice.kms.aliyuncs.com";
  store.options.set("endpoint", textOption(instance));
  char ca[] = "/tmp/kms-endpoint-ca-XXXXXX";
  auto const file = ::mkstemp(ca);
  CHECK(::write(file, "-----BEGIN CERTIFICATE-----", 27) == 27);
  ::close(file);
  store.options.set("ca_file", textOption(ca));
  store.host.peer(instance).fail({.kind = sdk::FailureKind::timed_out, .message = "no answer"});
  auto const result = store.fetch();
  ::unlink(ca);
  checkKind("timed_out", result);
  CHECK(contains(result.failure().message, "bound to the instance"));
}

TEST(Refusals, B2_UnreadableCredentialsSendNothing) {
  store.host.source("id").fail({.kind = sdk::FailureKind::not_found, .message = "id is absent"});
  auto const result = store.fetch();
  checkKind("unauthenticated", result);
  CHECK(contains(result.failure().message, "auth.id: id is absent"));
  LONGS_EQUAL(0, store.gateway().count());
}

TEST(Refusals, ABadNameSendsNothingAndReadsNoCredential) {
  auto wanted = store.request();
  wanted.name = "a\r\nb";
  auto const result = store.fetch(wanted);
  checkKind("invalid_request", result);
  CHECK(result.failure().message.find('\n') == std::string::npos);
  LONGS_EQUAL(0, store.gateway().count());
  LONGS_EQUAL(0, store.host.reads());
}

TEST(Refusals, NoMessageShowsACredentialWhateverTheServiceEchoes) {
  for (auto const* code :
       {"SignatureDoesNotMatch", "Forbidden.NoPermission", "InvalidAccessKeyId.NotFound",
        "InvalidSecurityToken.Malformed", "InvalidParameter", "MissingParameter", "Unknown",
        "Forbidden.ResourceNotFound", "InternalFailure", "Throttling", "IncompleteSignature"}) {
    for (auto const* introduction :
         {"server string to sign is:", "server StringToSign is [", "seen: ", "key-", ""}) {
      for (int const status : {400, 403, 500}) {
        Store fresh;
        fresh.gateway().otherwise([&](fakes::SentRequest const& request) {
          auto const echo = alicloud::percentEncode(request.header("authorization"));
          std::string message = introduction;
          for (char const c : echoOf(request) + echo) message += c == '\n' ? ' ' : c;
          return fakes::responseOf(
              {.status = status,
               .body = R"({"Code":")" + std::string(code) + R"(","Message":")" + message + "\"}"},
              request);
        });
        auto const result = fresh.fetch();
        CHECK_FALSE(result.ok());
        STRCMP_EQUAL(code, result.failure().code.c_str());  // the echo was understood
        CHECK_TRUE_TEXT(!contains(result.failure().message, "CANARY"),
                        result.failure().message.c_str());
        CHECK_FALSE(contains(result.failure().requestId + result.failure().code, "CANARY"));
      }
    }
  }
}

TEST(Refusals, TheSignatureItselfIsNotShownEither) {
  store.gateway().next([](fakes::SentRequest const& request) {
    auto const authorization = request.header("authorization");
    auto const signature = authorization.substr(authorization.find("Signature=") + 10);
    return fakes::responseOf(
        {.status = 400, .body = R"({"Code":"Unknown","Message":"got )" + signature + "\"}"},
        request);
  });
  auto const result = store.fetch();
  CHECK(contains(result.failure().message, "got [redacted]"));
}

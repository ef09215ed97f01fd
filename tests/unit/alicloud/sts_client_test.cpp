// SPDX-License-Identifier: Apache-2.0
#include "alicloud/sts_client.hpp"

#include <chrono>
#include <string>

#include "alicloud/digest.hpp"
#include "alicloud/percent_encoding.hpp"
#include "alicloud/sts_endpoint.hpp"
#include "fakes/fake_host.hpp"

#include <CppUTest/TestHarness.h>

using namespace kms_secretd;
using namespace kms_secretd::alicloud;
using namespace std::chrono_literals;

namespace {

constexpr char const* stsHost = "sts-vpc.cn-hangzhou.aliyuncs.com";
constexpr char const* date = "Tue, 01 Sep 2026 08:00:00 GMT";  // as FakeHost's clock
constexpr char const* issuedBody =
    R"({"RequestId":"r-1","AssumedRoleUser":{"Arn":"acs:ram::1:assumed-role/r/s"},"Credentials":{)"
    R"("AccessKeyId":"STS.new","AccessKeySecret":"new-secret","SecurityToken":"new-token",)"
    R"("Expiration":"2026-09-01T09:00:00Z"}})";

std::string errorBody(std::string const& code, std::string const& message) {
  return R"({"RequestId":"r-2","HostId":"h","Code":")" + code + R"(","Message":")" + message +
         "\"}";
}

bool contains(std::string const& text, std::string const& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_GROUP(Sts) {
  fakes::FakeHost host;
  StsClient sts{{.endpoint = {.host = stsHost}}, host};
  Credential caller{"LTAIcaller", sdk::SecretBytes("CANARYSECRET/+="), {}};
  RoleSession session{
      .roleArn = "acs:ram::1234567890123456:role/reader", .name = "kms-secretd", .duration = 1h};

  fakes::TransportScript& peer() { return host.peer(stsHost); }
  CredentialRequest limits() { return {.deadline = host.clock().boot() + 1min}; }
  sdk::Result<CredentialPtr> assume() { return sts.assumeRole(session, caller, limits()); }
  sdk::Result<CredentialPtr> withToken() {
    return sts.assumeRoleWithOidc(session, "acs:ram::1:oidc-provider/p",
                                  sdk::SecretBytes("CANARY.TOKEN.x"), limits());
  }
  void refuse(int status, std::string const& code, std::string const& message = "text",
              std::string const& serverDate = date) {
    peer().reply(
        {.status = status, .body = errorBody(code, message), .headers = {{"Date", serverDate}}});
  }
  void succeed() { peer().reply({.body = issuedBody, .headers = {{"Date", date}}}); }
};

TEST(Sts, AssumesARoleWithASignedCall) {
  succeed();
  session.policy = R"({"Version":"1"})";
  session.externalId = "a+b";
  auto const got = assume();
  CHECK(got.ok());
  STRCMP_EQUAL("STS.new", got.value()->accessKeyId().c_str());
  CHECK(got.value()->life().goodUntil == host.clock().boot() + 1h);
  auto const sent = peer().sent().at(0);
  STRCMP_EQUAL(("/?DurationSeconds=3600&ExternalId=a%2Bb&Policy=" + percentEncode(session.policy) +
                "&RoleArn=acs%3Aram%3A%3A1234567890123456%3Arole%2Freader"
                "&RoleSessionName=kms-secretd")
                   .c_str(),
               sent.target.c_str());
  STRCMP_EQUAL("AssumeRole", sent.header("x-acs-action").c_str());
  STRCMP_EQUAL("2015-04-01", sent.header("x-acs-version").c_str());
  CHECK(sent.header("Authorization").starts_with("ACS3-HMAC-SHA256 Credential=LTAIcaller,"));
}

TEST(Sts, SendsTheOidcTokenInTheBodyAndSignsNothing) {
  succeed();
  CHECK(withToken().ok());
  auto const sent = peer().sent().at(0);
  CHECK(sent.header("Authorization").empty());
  CHECK_FALSE(contains(sent.target, "CANARY"));
  CHECK(contains(sent.target, "Action=AssumeRoleWithOIDC"));
  CHECK(contains(sent.body, "&OIDCToken=CANARY.TOKEN.x"));
  CHECK(contains(sent.body, "OIDCProviderArn=acs%3Aram%3A%3A1%3Aoidc-provider%2Fp"));
}

TEST(Sts, JudgesTheEndByTheIssuersClock) {
  host.time().setWall(host.clock().wall() - 2h);
  succeed();
  CHECK(assume().value()->life().goodUntil == host.clock().boot() + 1h);
}

TEST(Sts, ARefusedCallIsNeverASecretThatIsMissingOrForbidden) {
  struct Case {
    int status;
    char const* code;
    char const* advice;
  };
  for (auto const& each :
       {Case{403, "NoPermission", "sts:AssumeRole"}, Case{404, "EntityNotExist.Role", "role_arn"},
        Case{400, "InvalidParameter.RoleArn", "options"},
        Case{401, "AuthenticationFail.OIDCToken.AudienceNotMatch", "audience"},
        Case{404, "InvalidAccessKeyId.NotFound", "access key"}}) {
    refuse(each.status, each.code);
    auto const got = assume();
    CHECK(got.failure().kind == sdk::FailureKind::unauthenticated);
    STRCMP_EQUAL(each.code, got.failure().code.c_str());
    CHECK_TRUE_TEXT(contains(got.failure().message, each.advice), got.failure().message.c_str());
    CHECK(contains(got.failure().message, "STS AssumeRole at sts-vpc."));
  }
}

TEST(Sts, TellsThrottlingAndOutagesApart) {
  refuse(400, "Throttling.User");
  CHECK(assume().failure().kind == sdk::FailureKind::throttled);
  refuse(400, "SomeCode", "Request was denied due to user flow control.");
  CHECK(assume().failure().kind == sdk::FailureKind::throttled);
  refuse(500, "InternalError");
  CHECK(assume().failure().kind == sdk::FailureKind::unavailable);
  peer().fail({.kind = sdk::FailureKind::timed_out, .message = "late"});
  CHECK(assume().failure().kind == sdk::FailureKind::timed_out);
}

TEST(Sts, RepeatsOnceForAWrongClockAndOnceForAUsedNonce) {
  refuse(400, "InvalidTimeStamp.Expired", "text", "Tue, 01 Sep 2026 09:00:00 GMT");
  refuse(400, "SignatureNonceUsed");
  succeed();
  CHECK(assume().ok());
  auto const sent = peer().sent();
  STRCMP_EQUAL("2026-09-01T09:00:00Z", sent.at(1).header("x-acs-date").c_str());
  CHECK(sent.at(1).header("x-acs-signature-nonce") != sent.at(2).header("x-acs-signature-nonce"));
  for (int i = 0; i < 3; ++i) refuse(400, "SignatureNonceUsed");
  CHECK_FALSE(assume().ok());
  LONGS_EQUAL(5, peer().count());
}

TEST(Sts, ShowsNoSecretOfARefusalThatEchoesThem) {
  refuse(400, "SignatureDoesNotMatch",
         "CANARYSECRET/+= server string to sign is:POST CANARYSECRET/+= x-acs-security-token");
  CHECK_FALSE(contains(assume().failure().message, "CANARY"));
  refuse(401, "AuthenticationFail.OIDCToken.Invalid", "the token CANARY.TOKEN.x is bad");
  CHECK_FALSE(contains(withToken().failure().message, "CANARY"));
}

TEST(Sts, RefusesAnswersThatAreNone) {
  for (std::string const body :
       {"", "<html>", "[]", "{}", R"({"Credentials":7})", R"({"Credentials":{}})",
        R"({"Credentials":{"AccessKeyId":"a","AccessKeySecret":"b c","SecurityToken":"t",)"
        R"("Expiration":"2026-09-01T09:00:00Z"}})",
        R"({"Credentials":{"AccessKeyId":"a","AccessKeySecret":"b","SecurityToken":"t",)"
        R"("Expiration":"2026-09-01T07:59:59Z"}})",
        R"({"Credentials":{"AccessKeyId":"a","AccessKeySecret":"b","SecurityToken":"t",)"
        R"("Expiration":"tomorrow"}})"}) {
    peer().reply({.body = body, .headers = {{"Date", date}}});
    auto const got = assume();
    CHECK_TRUE_TEXT(!got.ok() && got.failure().kind == sdk::FailureKind::unauthenticated,
                    body.c_str());
  }
}

TEST(Sts, SaysWhoACredentialIs) {
  peer().reply(
      {.body = R"({"AccountId":"123","Arn":"acs:ram::123:user/u","IdentityType":"RAMUser"})",
       .headers = {{"Date", "Tue, 01 Sep 2026 08:00:20 GMT"}}});
  auto const got = sts.callerIdentity(caller, limits());
  STRCMP_EQUAL("acs:ram::123:user/u", got.value().arn.c_str());
  STRCMP_EQUAL("RAMUser", got.value().type.c_str());
  LONGS_EQUAL(20'000, sts.clockOffset().count());
}

TEST_GROUP(StsEndpoint){static std::string hostOf(char const* region, StsNetwork network){
    auto const endpoint = stsEndpoint(region, network);
return endpoint ? endpoint->authority() : "(none)";
}
}
;

TEST(StsEndpoint, IsMadeFromRegionAndNetwork) {
  STRCMP_EQUAL("sts-vpc.cn-beijing.aliyuncs.com", hostOf("cn-beijing", StsNetwork::vpc).c_str());
  STRCMP_EQUAL("sts.cn-beijing.aliyuncs.com", hostOf("cn-beijing", StsNetwork::internet).c_str());
}

TEST(StsEndpoint, KnowsTheDocumentedExceptions) {
  STRCMP_EQUAL("sts-vpc.cn-hangzhou.aliyuncs.com",
               hostOf("cn-hangzhou-finance", StsNetwork::vpc).c_str());
  STRCMP_EQUAL("sts.cn-hangzhou.aliyuncs.com",
               hostOf("cn-hangzhou-finance", StsNetwork::internet).c_str());
  for (auto const* region : {"cn-shenzhen-finance-1", "cn-north-2-gov-1"}) {
    STRCMP_EQUAL("(none)", hostOf(region, StsNetwork::internet).c_str());
    CHECK(hostOf(region, StsNetwork::vpc).starts_with("sts-vpc."));
  }
}

TEST(StsEndpoint, TellsTheVendorsNamesFromOthers) {
  for (auto const* good :
       {"sts.aliyuncs.com", "sts.cn-beijing.aliyuncs.com", "sts-vpc.cn-beijing.aliyuncs.com"}) {
    CHECK_TRUE_TEXT(isStsHost(good), good);
  }
  for (auto const* bad : {"", "aliyuncs.com", "sts.aliyuncs.com.evil.org", "sts..aliyuncs.com",
                          "sts.a.b.aliyuncs.com", "kms.cn-beijing.aliyuncs.com"}) {
    CHECK_FALSE_TEXT(isStsHost(bad), bad);
  }
}

// SPDX-License-Identifier: Apache-2.0
#include <string>

#include <boost/json.hpp>

#include "emulator/kms/service.hpp"
#include "emulator/server_clock.hpp"
#include "signed_request.hpp"

#include <CppUTest/TestHarness.h>

using namespace kms_secretd::emulator;
using namespace kms_secretd::emulator::test;

namespace {

struct Answered {
  Reply reply;
  Exchange exchange;
};

Answered ask(World& world, const Request& request) {
  Answered out;
  out.reply = answerKms(world, request, out.exchange);
  return out;
}

std::string outcome(World& world, const Request& request) {
  return ask(world, request).exchange.outcome;
}

}  // namespace

#define OUTCOME(expected, request) STRCMP_EQUAL(expected, outcome(world, request).c_str())

TEST_GROUP(Gateway) {
  World world;
  V3Request v3;
  V1Request v1;

  void setup() override {
    putKey(v3.keyId, v3.secret, "");
    world.settings.with([](Settings& settings) { settings.kmsPort = 4430; });
    world.secrets.with([](SecretStore& store) {
      Secret secret;
      secret.account = Settings{}.account;
      secret.name = "app/db";
      store.put(secret);
      store.putVersion({secret.account, secret.name}, {"v1", "s3cret", "text", {}}, 1000);
    });
    v3.params = {{"SecretName", "app/db"}};
    v1.params = {{"SecretName", "app/db"}};
  }

  void putKey(const std::string& id, const std::string& secret, const std::string& token) {
    AccessKey key;
    key.id = id;
    key.secret = secret;
    key.token = token;
    put(key);
  }

  void put(const AccessKey& key) {
    world.keyring.with([&](Keyring& keys) { keys.put(key); });
  }

  std::string at(std::int64_t offset) { return formatTimestamp(world.clock.now() + offset); }
};

TEST(Gateway, AdmitsGoodRequestsOfBothVersionsAndMethods) {
  for (const char* method : {"GET", "POST"}) {
    v3.method = method;
    v1.method = method;
    OUTCOME("OK", v3.build());
    OUTCOME("OK", v1.build());
  }
}

TEST(Gateway, RefusesAWrongSecretAndEchoesTheStringToSign) {
  v3.secret = "wrong";
  const Answered answered = ask(world, v3.build());
  STRCMP_EQUAL("SignatureDoesNotMatch", answered.exchange.outcome.c_str());
  CHECK_EQUAL(400, answered.reply.status);
  STRCMP_CONTAINS("server StringToSign is [ACS3-HMAC-SHA256", answered.reply.body.c_str());
  CHECK_FALSE(answered.exchange.authenticated);
  v1.secret = "wrong";
  OUTCOME("SignatureDoesNotMatch", v1.build());
}

TEST(Gateway, GatewayErrorsCarryHostIdAndRecommend) {
  v3.keyId = "nobody";
  const Answered answered = ask(world, v3.build());
  CHECK_EQUAL(404, answered.reply.status);
  const auto body = boost::json::parse(answered.reply.body).as_object();
  STRCMP_EQUAL("InvalidAccessKeyId.NotFound", body.at("Code").as_string().c_str());
  STRCMP_EQUAL("kms.cn-hangzhou.aliyuncs.com", body.at("HostId").as_string().c_str());
  STRCMP_EQUAL(
      "https://error-center.aliyun.com/status/search?Keyword=InvalidAccessKeyId.NotFound"
      "&source=PopGw",
      body.at("Recommend").as_string().c_str());
  STRCMP_EQUAL(answered.exchange.requestId.c_str(), body.at("RequestId").as_string().c_str());
  CHECK_FALSE(body.contains("HttpStatus"));
}

TEST(Gateway, KmsErrorsCarryHttpStatus) {
  v3.params = {{"SecretName", "absent"}};
  const Answered answered = ask(world, v3.build());
  CHECK_EQUAL(404, answered.reply.status);
  const auto body = boost::json::parse(answered.reply.body).as_object();
  CHECK_EQUAL(404, body.at("HttpStatus").as_int64());
  STRCMP_EQUAL("Forbidden.ResourceNotFound", body.at("Code").as_string().c_str());
  STRCMP_EQUAL("Resource not found.", body.at("Message").as_string().c_str());
}

TEST(Gateway, ANonceWorksOncePerAccessKey) {
  v3.nonce = "the-same-nonce";
  OUTCOME("OK", v3.build());
  OUTCOME("SignatureNonceUsed", v3.build());
  putKey("other", "other-secret", "");
  v3.keyId = "other";
  v3.secret = "other-secret";
  OUTCOME("OK", v3.build());
}

TEST(Gateway, ANonceIsForgottenAfterFifteenMinutes) {
  v3.nonce = "n";
  v3.timestamp = at(0);
  OUTCOME("OK", v3.build());
  world.clock.setOffset(15 * 60 + 1);
  v3.timestamp = at(0);
  OUTCOME("OK", v3.build());
}

TEST(Gateway, ARefusedRequestDoesNotUseItsNonceUp) {
  v3.nonce = "n";
  const std::string secret = std::exchange(v3.secret, "wrong");
  OUTCOME("SignatureDoesNotMatch", v3.build());
  v3.secret = secret;
  OUTCOME("OK", v3.build());
}

TEST(Gateway, AcceptsFifteenMinutesOfSkewAndNoMore) {
  v3.timestamp = at(-895);
  OUTCOME("OK", v3.build());
  v3.timestamp = at(895);
  OUTCOME("OK", v3.build());
  v3.timestamp = at(-960);
  OUTCOME("InvalidTimeStamp.Expired", v3.build());
  v3.timestamp = at(960);
  OUTCOME("InvalidTimeStamp.Expired", v3.build());
  v1.timestamp = at(-960);
  OUTCOME("InvalidTimeStamp.Expired", v1.build());
}

TEST(Gateway, MeasuresSkewAgainstItsOwnSettableClock) {
  world.clock.setOffset(3600);
  v3.timestamp = formatTimestamp(world.clock.now() - 3600);
  OUTCOME("InvalidTimeStamp.Expired", v3.build());
  v3.timestamp = at(0);
  OUTCOME("OK", v3.build());
}

TEST(Gateway, RefusesOtherTimeFormats) {
  v3.timestamp = "Tue, 01 Sep 2026 08:00:00 GMT";
  OUTCOME("InvalidTimeStamp.Format", v3.build());
  v1.timestamp = "2026-09-01T08:00:00+00:00";
  OUTCOME("InvalidTimeStamp.Format", v1.build());
}

TEST(Gateway, EveryAcsHeaderAndContentTypeOnTheWireHasToBeSigned) {
  for (const char* name : {"x-acs-credentials-provider", "x-acs-security-token", "content-type"}) {
    v3.signedExtras = {{name, ""}};
    v3.unsignedExtras = {{name, "x"}};
    v3.signedExtras.clear();
    OUTCOME("IncompleteSignature", v3.build());
    v3.unsignedExtras.clear();
  }
  v3.signedExtras = {{"content-type", "text/plain"}, {"x-acs-credentials-provider", "static"}};
  OUTCOME("OK", v3.build());
}

TEST(Gateway, SignedHeadersHaveToBeSortedUniqueAndSent) {
  const Request good = v3.build();
  const std::string list = "host;x-acs-action";
  for (const char* other : {"x-acs-action;host", "host;host;x-acs-action",
                            "host;x-absent;x-acs-action", "Host;x-acs-action"}) {
    Request bad = good;
    std::string& value = bad.headers.back().second;
    value.replace(value.find(list), list.size(), other);
    OUTCOME("IncompleteSignature", bad);
  }
}

TEST(Gateway, EachMandatoryHeaderHasToBeThere) {
  for (const char* name : {"x-acs-date", "x-acs-signature-nonce", "x-acs-content-sha256",
                           "x-acs-version", "authorization"}) {
    Request request = v3.build();
    std::erase_if(request.headers, [&](const auto& header) { return header.first == name; });
    OUTCOME("MissingParameter", request);
  }
}

TEST(Gateway, TheContentHashIsComputedNotBelieved) {
  v3.body = "one";
  Request request = v3.build();
  request.body = "two";
  OUTCOME("SignatureDoesNotMatch", request);
}

TEST(Gateway, HostIsABareLowerCaseNameOrItsOwnLoopbackPort) {
  for (const char* host : {"kms.cn-hangzhou.aliyuncs.com:443", "KMS.cn-hangzhou.aliyuncs.com",
                           "127.0.0.1:4431", "localhost:443", "evil host"}) {
    v3.host = host;
    OUTCOME("IncompleteSignature", v3.build());
  }
  for (const char* host : {"localhost", "127.0.0.1", "127.0.0.1:4430", "localhost:4430"}) {
    v3.host = host;
    OUTCOME("OK", v3.build());
  }
  world.settings.with([](Settings& settings) { settings.strictHost = true; });
  v3.host = "127.0.0.1:4430";
  OUTCOME("IncompleteSignature", v3.build());
}

TEST(Gateway, GarbledAuthorizationIsIncomplete) {
  for (const char* text : {"x", "ACS3-HMAC-SHA256", "ACS3-HMAC-SHA256 Credential=a", "Bearer abc",
                           "ACS3-HMAC-SHA256 Credential=a, SignedHeaders=host, Signature=b",
                           "ACS3-HMAC-SHA256 Credential=,SignedHeaders=host,Signature=b"}) {
    Request request = v3.build();
    request.headers.back().second = text;
    OUTCOME("IncompleteSignature", request);
  }
}

TEST(Gateway, AnStsTripleNeedsItsOwnToken) {
  putKey("STS.1", "sts-secret", "token-1");
  putKey("STS.2", "sts-secret", "token-2");
  v3.keyId = "STS.1";
  v3.secret = "sts-secret";
  OUTCOME("MissingSecurityToken", v3.build());
  v3.token = "token-2";
  OUTCOME("InvalidSecurityToken.MismatchWithAccessKey", v3.build());
  v3.token = "nonsense";
  OUTCOME("InvalidSecurityToken.Malformed", v3.build());
  v3.token = "token-1";
  OUTCOME("OK", v3.build());
  v3.signedExtras = {{"x-acs-accesskey-id", "STS.1"}};
  OUTCOME("OK", v3.build());
  v3.signedExtras = {{"x-acs-accesskey-id", "STS.2"}};
  OUTCOME("IncompleteSignature", v3.build());
}

TEST(Gateway, ExpiredAndDisabledKeysSaySo) {
  AccessKey key;
  key.id = "STS.1";
  key.secret = v3.secret;
  key.token = "t";
  key.expiresAt = world.clock.now() + 60;
  put(key);
  v3.keyId = "STS.1";
  v3.token = "t";
  OUTCOME("OK", v3.build());
  world.clock.setOffset(61);
  v3.timestamp = at(0);
  OUTCOME("InvalidSecurityToken.Expired", v3.build());
  key.expiredAs = "InvalidAccessKeyId.NotFound";
  put(key);
  OUTCOME("InvalidAccessKeyId.NotFound", v3.build());
  key.active = false;
  put(key);
  OUTCOME("InvalidAccessKeyId.Inactive", v3.build());
}

TEST(Gateway, UnknownOperationsVersionsMethodsAndPathsAreRefused) {
  v3.action = "CreateSecret";
  OUTCOME("InvalidApi.NotFound", v3.build());
  v3.action = "GetSecretValue";
  v3.version = "2016-01-21";
  OUTCOME("InvalidVersion", v3.build());
  v3.version = "2016-01-20";
  v3.method = "DELETE";
  OUTCOME("UnsupportedHTTPMethod", v3.build());
  v3.method = "POST";
  Request elsewhere = v3.build();
  elsewhere.path = "/secrets";
  OUTCOME("InvalidApi.NotFound", elsewhere);
  Request broken = v3.build();
  broken.query = "SecretName=%zz";
  OUTCOME("ParseRequestParameterException", broken);
}

TEST(Gateway, V1ChecksMethodVersionAndCompleteness) {
  v1.params = {{"SecretName", "app/db"}, {"SignatureMethod", "HMAC-SHA256"}};
  OUTCOME("InvalidSignatureMethod", v1.build());
  v1.params = {{"SecretName", "app/db"}, {"SignatureVersion", "2.0"}};
  OUTCOME("InvalidParameter", v1.build());
  for (const char* name : {"SignatureNonce", "Timestamp", "AccessKeyId", "Signature"}) {
    v1.params = {{"SecretName", "app/db"}, {name, ""}};
    OUTCOME("MissingParameter", v1.build());
  }
  v1.params = {{"SecretName", "app/db"}};
  Request twice = v1.build();
  twice.query += "&SecretName=other";
  OUTCOME("InvalidParameter", twice);
}

TEST(Gateway, V1MayNameItsOperationInAHeaderToo) {
  Request request = v1.build();
  request.headers.emplace_back("x-acs-action", "GetSecretValue");
  request.headers.emplace_back("x-acs-version", "2016-01-20");
  OUTCOME("OK", request);
}

TEST(Gateway, SigningMoreHeadersThanNeededIsFine) {
  v3.signedExtras = {{"user-agent", "x/1"}, {"accept-language", "en"}};
  OUTCOME("OK", v3.build());
}

TEST(Gateway, V1AcceptsParametersInAFormBody) {
  Request request = v1.build();
  request.method = "GET";
  request.headers.emplace_back("content-type", "application/x-www-form-urlencoded");
  request.body = std::exchange(request.query, "");
  OUTCOME("OK", request);
}

TEST(Gateway, WhoDoesNotAskForJsonGetsXml) {
  v3.accept = "*/*";
  Answered answered = ask(world, v3.build());
  STRCMP_CONTAINS("<KMS><SecretName>app/db</SecretName>", answered.reply.body.c_str());
  v1.params = {{"SecretName", "absent"}, {"Format", ""}};
  answered = ask(world, v1.build());
  STRCMP_CONTAINS("<Error><HttpStatus>404</HttpStatus>", answered.reply.body.c_str());
}

TEST(Gateway, TheExchangeDescribesTheRequestWithoutItsSecrets) {
  v3.nonce = "nonce-1";
  const Exchange exchange = ask(world, v3.build()).exchange;
  STRCMP_EQUAL("GetSecretValue", exchange.operation.c_str());
  STRCMP_EQUAL("app/db", exchange.secret.c_str());
  STRCMP_EQUAL("testAccessKeyId0001", exchange.accessKey.c_str());
  STRCMP_EQUAL("nonce-1", exchange.nonce.c_str());
  STRCMP_EQUAL("V3", exchange.scheme.c_str());
  CHECK_TRUE(exchange.authenticated);
}

// SPDX-License-Identifier: Apache-2.0
#include "emulator/sts/sts.hpp"

#include <string>

#include <boost/json.hpp>

#include "emulator/kms/service.hpp"
#include "emulator/metadata/metadata.hpp"
#include "emulator/sts/jwt.hpp"
#include "emulator/sts/sessions.hpp"
#include "signed_request.hpp"

#include <CppUTest/TestHarness.h>

using namespace kms_secretd::emulator;
using namespace kms_secretd::emulator::test;

namespace {

constexpr const char* kRole = "acs:ram::1234567890123456:role/reader";
constexpr const char* kRoot = "acs:ram::1234567890123456:root";

// RFC 7515, appendix A.2.
constexpr const char* kRfcToken =
    "eyJhbGciOiJSUzI1NiJ9."
    "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVl"
    "fQ."
    "cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_O8W2Fp5"
    "jujGbds9uJdbF9CUAr7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb"
    "1L07Qe7K0GarZRmB_eSN9383LcOLn6_dO--xi12jzDwusC-eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QO"
    "YEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0igcN_IoypGlUPQGe77Rw";
constexpr const char* kRfcKeys =
    R"({"keys":[{"kty":"RSA","e":"AQAB","n":"ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26)"
    R"(mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47so)"
    R"(MZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4)"
    R"(uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54)"
    R"(h4FRWyuXpoQ"}]})";

}  // namespace

TEST_GROUP(EmulatedSts) {
  World world;
  V3Request call;

  void setup() override {
    AccessKey key;
    key.id = call.keyId;
    key.secret = call.secret;
    world.keyring.with([&](Keyring& keys) { keys.put(key); });
    call.host = "sts.aliyuncs.com";
    call.action = "AssumeRole";
    call.version = "2015-04-01";
    call.params = {{"RoleArn", kRole}, {"RoleSessionName", "me"}};
    putRole({kRole, {{kRoot, ""}}, "", 3600, 0, true});
  }
  void putRole(Role role) {
    world.roles.with([&](RoleBook& book) { book.put(std::move(role)); });
  }
  std::string outcome() {
    Exchange exchange;
    answerKms(world, call.build(), exchange);
    return exchange.outcome;
  }
  boost::json::object body() {
    Exchange exchange;
    return boost::json::parse(answerKms(world, call.build(), exchange).body).as_object();
  }
};

TEST(EmulatedSts, ASessionIsGoodForTheNextCall) {
  const auto credentials = body().at("Credentials").as_object();
  call.keyId = std::string(credentials.at("AccessKeyId").as_string());
  call.secret = std::string(credentials.at("AccessKeySecret").as_string());
  call.token = std::string(credentials.at("SecurityToken").as_string());
  call.action = "GetCallerIdentity";
  call.params.clear();
  STRCMP_EQUAL("acs:ram::1234567890123456:assumed-role/reader/me",
               std::string(body().at("Arn").as_string()).c_str());
}

TEST(EmulatedSts, ARoleIsAssumedByWhomItTrustsOnly) {
  STRCMP_EQUAL("OK", outcome().c_str());
  putRole({kRole, {{"acs:ram::6543210987654321:root", ""}}, "", 3600, 0, true});
  STRCMP_EQUAL("NoPermission", outcome().c_str());
  putRole({kRole, {{"acs:ram::1234567890123456:user/" + call.keyId, ""}}, "id", 3600, 0, true});
  STRCMP_EQUAL("NoPermission", outcome().c_str());
  call.params.emplace_back("ExternalId", "id");
  STRCMP_EQUAL("OK", outcome().c_str());
}

TEST(EmulatedSts, ParametersHaveTheirLimits) {
  for (const auto& [name, value, code] :
       {std::tuple{"DurationSeconds", "899", "InvalidParameter.DurationSeconds"},
        std::tuple{"DurationSeconds", "3601", "InvalidParameter.DurationSeconds"},
        std::tuple{"Policy", "[]", "InvalidParameter.PolicyGrammar"}}) {
    call.params = {{"RoleArn", kRole}, {"RoleSessionName", "me"}, {name, value}};
    STRCMP_EQUAL(code, outcome().c_str());
  }
  call.params = {{"RoleArn", kRole}, {"RoleSessionName", "a b"}};
  STRCMP_EQUAL("InvalidParameter.RoleSessionName", outcome().c_str());
  call.params = {{"RoleArn", std::string(kRole) + "x"}, {"RoleSessionName", "me"}};
  STRCMP_EQUAL("EntityNotExist.Role", outcome().c_str());
}

TEST(EmulatedSts, ARevokedRoleLosesItsSessions) {
  STRCMP_EQUAL("OK", outcome().c_str());
  world.roles.with([](RoleBook& book) { book.setActive(kRole, false); });
  LONGS_EQUAL(1, endSessions(world, kRole));
  STRCMP_EQUAL("EntityNotExist.Role", outcome().c_str());
}

TEST(EmulatedSts, AWrongSignatureAssumesNothing) {
  call.secret = "wrong";
  STRCMP_EQUAL("SignatureDoesNotMatch", outcome().c_str());
}

TEST(EmulatedSts, APolicyIsUnderstoodAsFarAsReading) {
  CHECK(allowsReading(R"({"Statement":[{"Effect":"Allow","Action":["kms:GetSecretValue"]}]})"));
  CHECK(allowsReading(R"({"Statement":[{"Effect":"Allow","Action":"*"}]})"));
  CHECK_FALSE(allowsReading(R"({"Statement":[{"Effect":"Deny","Action":"*"}]})"));
  CHECK_FALSE(allowsReading(R"({"Statement":[{"Effect":"Allow","Action":"oss:*"}]})"));
  CHECK_FALSE(allowsReading("no policy"));
}

TEST_GROUP(WebToken){static Token changed(std::size_t at){std::string text = kRfcToken;
text[at] = text[at] == 'A' ? 'B' : 'A';
return parseToken(text).value_or(Token{});
}
static std::vector<RsaKey> keys() { return readJwks(boost::json::parse(kRfcKeys)); }
}
;

TEST(WebToken, IsVerifiedAsTheStandardShows) {
  const auto token = parseToken(kRfcToken);
  CHECK(token.has_value());
  STRCMP_EQUAL("joe", token->claims.issuer.c_str());
  LONGS_EQUAL(1300819380, token->claims.expires);
  CHECK(isSignedBy(*token, keys()));
}

TEST(WebToken, IsRefusedWhenAByteOfItChanged) {
  CHECK_FALSE(isSignedBy(changed(std::string(kRfcToken).size() - 20), keys()));
  CHECK_FALSE(isSignedBy(changed(60), keys()));
  CHECK_FALSE(isSignedBy(*parseToken(kRfcToken), {}));
}

TEST(WebToken, WithoutASignatureIsNone) {
  // {"alg":"none"}
  const auto token = parseToken("eyJhbGciOiJub25lIn0.eyJpc3MiOiJqb2UifQ.");
  CHECK(token.has_value());
  CHECK_FALSE(isSignedBy(*token, keys()));
  for (const char* bad : {"", "a.b", "a.b.c.d", "!.!.!", "e30.e30"}) {
    CHECK_FALSE_TEXT(parseToken(bad).has_value(), bad);
  }
}

TEST_GROUP(EmulatedMetadata) {
  World world;

  void setup() override {
    world.roles.with([](RoleBook& book) { book.put(Role{kRole, {}, "", 3600, 0, true}); });
    set([](MetadataState& state) { state.roleArn = kRole; });
  }
  template <typename F>
  void set(F change) {
    world.metadata.with([&](MetadataState& state) { change(state); });
  }
  Reply ask(const std::string& method, const std::string& path, const std::string& token = "") {
    Request request;
    request.method = method;
    request.path = path;
    request.headers = {{"x-aliyun-ecs-metadata-token-ttl-seconds", "60"}};
    if (!token.empty()) request.headers.emplace_back("x-aliyun-ecs-metadata-token", token);
    return answerMetadata(world, request);
  }
  static constexpr const char* kRoles = "/latest/meta-data/ram/security-credentials/";
};

TEST(EmulatedMetadata, AsksForATokenWhereVersion2IsRequired) {
  LONGS_EQUAL(403, ask("GET", kRoles).status);
  LONGS_EQUAL(403, ask("GET", kRoles, "made-up").status);
  const std::string token = ask("PUT", "/latest/api/token").body;
  STRCMP_EQUAL("reader", ask("GET", kRoles, token).body.c_str());
  LONGS_EQUAL(200, ask("GET", std::string(kRoles) + "reader", token).status);
  LONGS_EQUAL(404, ask("GET", std::string(kRoles) + "other", token).status);
}

TEST(EmulatedMetadata, IsAnOldServiceWhereVersion2IsAbsent) {
  set([](MetadataState& state) { state.version2 = "absent"; });
  LONGS_EQUAL(405, ask("PUT", "/latest/api/token").status);
  LONGS_EQUAL(200, ask("GET", kRoles).status);
}

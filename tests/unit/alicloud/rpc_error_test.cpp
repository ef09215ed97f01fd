// SPDX-License-Identifier: Apache-2.0
#include "alicloud/rpc_error.hpp"

#include <string>

#include <CppUTest/TestHarness.h>

using namespace kms_secretd;
using namespace kms_secretd::alicloud;

namespace {

sdk::HttpResponse response(int status, std::string_view body,
                           std::vector<sdk::HttpHeader> headers = {}) {
  sdk::HttpResponse out;
  out.status = status;
  out.body = sdk::SecretBytes(body);
  out.headers = std::move(headers);
  return out;
}

void checkError(RpcError const& error, char const* code, char const* message, char const* id) {
  STRCMP_EQUAL(code, error.code.c_str());
  STRCMP_EQUAL(message, error.message.c_str());
  STRCMP_EQUAL(id, error.requestId.c_str());
}

constexpr auto gatewayBody =
    R"({"RequestId":"r-1","HostId":"kms.cn-hangzhou.aliyuncs.com","Code":"SignatureNonceUsed",)"
    R"("Message":"Specified signature nonce was used already.",)"
    R"("Recommend":"https://error-center.example/","AccessDeniedDetail":{"a":[{"b":null}]}})";

}  // namespace

TEST_GROUP(RpcErrors){};

TEST(RpcErrors, ReadsTheFormOfKms) {
  auto const error = parseRpcError(response(
      404,
      R"({"HttpStatus":404,"Code":"Forbidden.ResourceNotFound","Message":"Resource not found.",)"
      R"("RequestId":"r-1"})"));
  LONGS_EQUAL(404, error.status);
  checkError(error, "Forbidden.ResourceNotFound", "Resource not found.", "r-1");
}

TEST(RpcErrors, ReadsTheFormOfTheGatewayAndIgnoresTheRest) {
  checkError(parseRpcError(response(400, gatewayBody)), "SignatureNonceUsed",
             "Specified signature nonce was used already.", "r-1");
}

TEST(RpcErrors, ReadsMembersInLowerCase) {
  checkError(parseRpcError(response(
                 400, " \r\n{\"code\":\"Throttling\",\"message\":\"slow\",\"requestId\":\"r\"}")),
             "Throttling", "slow", "r");
}

TEST(RpcErrors, ReadsXml) {
  checkError(parseRpcError(response(
                 403,
                 "<?xml version='1.0'?><Error><RequestId>r-9</RequestId><Code>Forbidden.RAM"
                 "</Code><Message>no</Message></Error>",
                 {{"content-type", "text/xml;charset=utf-8"}})),
             "Forbidden.RAM", "no", "r-9");
}

TEST(RpcErrors, ReadsNothingFromHtml) {
  checkError(parseRpcError(response(
                 502, "<html><head><title>502 Bad Gateway</title></head><Code>Throttling</Code>")),
             "", "", "");
}

TEST(RpcErrors, KnowsTheProtobufOfAnOldInstance) {
  std::string const body(
      "\x08\x90\x03\x12\x10MissingParameter\x1a\x41Parameter x-kms-acccesskeyid "
      "does not exist in http header or body.\x22\x04r-42",
      94);
  auto const error = parseRpcError(response(400, body));
  STRCMP_EQUAL("MissingParameter", error.code.c_str());
  CHECK(classify(error).advice.find("before 3.0.0") != std::string_view::npos);
}

TEST(RpcErrors, TakesTheRequestIdFromTheHeaderWhereTheBodyHasNone) {
  checkError(parseRpcError(response(503, "", {{"x-acs-request-id", "r-7"}})), "", "", "r-7");
  checkError(parseRpcError(response(503, "{", {{"x-acs-request-id", "bad id\n"}})), "", "", "");
}

TEST(RpcErrors, B25_SurvivesAbsentAndMistypedMembers) {
  for (auto const* body : {"{}", "[]", "null", "\"Code\"", "7", R"({"Code":null})",
                           R"({"Code":7,"Message":[],"RequestId":{}})", R"({"Code":""})"}) {
    checkError(parseRpcError(response(500, body)), "", "", "");
  }
}

TEST(RpcErrors, RefusesACodeThatCouldForgeALogLine) {
  auto const error =
      parseRpcError(response(400, R"({"Code":"a\nERROR forged","RequestId":"x y"})"));
  checkError(error, "", "", "");
}

TEST(RpcErrors, SurvivesEveryTruncation) {
  std::string_view const whole = gatewayBody;
  for (std::size_t size = 0; size < whole.size(); ++size) {
    checkError(parseRpcError(response(400, whole.substr(0, size))), "", "", "");
  }
}

TEST(RpcErrors, SurvivesEveryTruncationOfXml) {
  std::string_view const whole = "<Error><Code>Forbidden.RAM</Code></Error>";
  for (std::size_t size = 0; size < whole.size(); ++size) {
    auto const error = parseRpcError(response(400, whole.substr(0, size)));
    CHECK(error.code.empty() || error.code == "Forbidden.RAM");
  }
}

TEST(RpcErrors, SurvivesGiantAndDeepBodies) {
  checkError(parseRpcError(response(400, std::string(500'000, '['))), "", "", "");
  checkError(parseRpcError(response(400, "{\"a\":" + std::string(500'000, '['))), "", "", "");
  checkError(parseRpcError(response(400, "{\"Code\":\"" + std::string(2'000'000, 'a') + "\"}")), "",
             "", "");
}

TEST_GROUP(RetryAfter){};

TEST(RetryAfter, TakesTheLongestOfTheHints) {
  auto const wait =
      retryAfterOf(response(400, "",
                            {{"x-ratelimit-user-api", "Limit:1,Remain:0,TimeLeft:2000,Reset:1234"},
                             {"x-ratelimit-user", "Limit:9,Remain:0,TimeLeft:3500,Reset:1"}}));
  LONGS_EQUAL(3500, wait.count());
}

TEST(RetryAfter, ReadsTheStandardFieldInSeconds) {
  LONGS_EQUAL(7000, retryAfterOf(response(429, "", {{"retry-after", "7"}})).count());
}

TEST(RetryAfter, IsNothingWithoutAHintOrWithGarbage) {
  LONGS_EQUAL(0, retryAfterOf(response(429, "")).count());
  for (auto const* text :
       {"", "soon", "-5", "TimeLeft:", "TimeLeft:-1", "TimeLeft:x", "99999999999999999999999"}) {
    LONGS_EQUAL(0, retryAfterOf(response(429, "", {{"x-ratelimit-user", text}})).count());
    LONGS_EQUAL(0, retryAfterOf(response(429, "", {{"retry-after", text}})).count());
  }
}

TEST(RetryAfter, IsAnHourAtMost) {
  LONGS_EQUAL(3'600'000,
              retryAfterOf(response(429, "", {{"retry-after", "9223372036854775807"}})).count());
  LONGS_EQUAL(
      3'600'000,
      retryAfterOf(response(429, "", {{"x-ratelimit-user", "TimeLeft:9999999999"}})).count());
}

// SPDX-License-Identifier: Apache-2.0
#include "alicloud/v3_signing.hpp"

#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include <boost/json.hpp>

#include "alicloud/digest.hpp"

#include <CppUTest/TestHarness.h>

namespace json = boost::json;
using namespace kms_secretd;
using namespace kms_secretd::alicloud;

namespace {

json::object vectors() {
  std::ifstream file(KMS_SECRETD_FIXTURES "/vectors.json");
  std::string const text((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  return json::parse(text).as_object();
}

std::string textOf(json::object const& object, char const* name) {
  auto const* value = object.if_contains(name);
  return value != nullptr && value->is_string() ? json::value_to<std::string>(*value)
                                                : std::string();
}

std::vector<Parameter> queryOf(json::object const& vector) {
  std::vector<Parameter> out;
  for (auto const& pair : vector.at("query").as_array()) {
    out.push_back(
        {json::value_to<std::string>(pair.at(0)), json::value_to<std::string>(pair.at(1))});
  }
  return out;
}

std::vector<sdk::HttpHeader> headersOf(json::object const& vector) {
  std::vector<sdk::HttpHeader> out;
  for (auto const& pair : vector.at("headers").as_array()) {
    out.push_back(
        {json::value_to<std::string>(pair.at(0)), json::value_to<std::string>(pair.at(1))});
  }
  return out;
}

std::string valueOf(std::vector<sdk::HttpHeader> const& headers, std::string_view name) {
  for (auto const& header : headers) {
    if (header.name == name) return header.value;
  }
  return "(absent)";
}

Credential credentialOf(json::object const& vector) {
  auto const& parts = vector.at("credentials").as_object();
  return {textOf(parts, "access_key_id"), sdk::SecretBytes(textOf(parts, "access_key_secret")),
          sdk::SecretBytes(textOf(parts, "security_token"))};
}

sdk::WallTime dateOf(std::string const& text) {
  // The vectors differ in the seconds only; their dates are pinned by the headers compared below.
  using namespace std::chrono;
  return sdk::WallTime(sys_days(2026y / September / 1) + hours(8) +
                       seconds(std::stoi(text.substr(17, 2))));
}

void checkVector(json::object const& vector) {
  auto const id = textOf(vector, "id");
  auto const headers = headersOf(vector);
  auto const query = canonicalQuery(queryOf(vector));
  auto const method = textOf(vector, "method");
  auto const hash = sha256Hex(textOf(vector, "body"));
  auto const canonical =
      canonicalV3({.method = method, .query = query, .headers = &headers, .payloadHash = hash});
  STRCMP_EQUAL_TEXT(textOf(vector, "canonical_query").c_str(), query.c_str(), id.c_str());
  STRCMP_EQUAL_TEXT(textOf(vector, "body_sha256").c_str(), hash.c_str(), id.c_str());
  STRCMP_EQUAL_TEXT(textOf(vector, "canonical_request").c_str(), canonical.request.c_str(),
                    id.c_str());
  STRCMP_EQUAL_TEXT(textOf(vector, "signed_headers").c_str(), canonical.signedHeaders.c_str(),
                    id.c_str());
  STRCMP_EQUAL_TEXT(textOf(vector, "string_to_sign").c_str(), canonical.stringToSign.c_str(),
                    id.c_str());
  auto const signature =
      signatureV3(canonical.stringToSign, credentialOf(vector).accessKeySecret());
  STRCMP_EQUAL_TEXT(textOf(vector, "signature").c_str(), signature.c_str(), id.c_str());
}

SignedRequest signVector(json::object const& vector, std::string const& body) {
  auto const headers = headersOf(vector);
  auto const contentType = valueOf(headers, "content-type");
  RpcRequest const request{.method = textOf(vector, "method"),
                           .host = textOf(vector, "host"),
                           .action = valueOf(headers, "x-acs-action"),
                           .version = valueOf(headers, "x-acs-version"),
                           .query = queryOf(vector),
                           .contentType = contentType == "(absent)" ? "" : contentType,
                           .body = body};
  return signV3(request, credentialOf(vector),
                {.date = dateOf(valueOf(headers, "x-acs-date")),
                 .nonce = valueOf(headers, "x-acs-signature-nonce")});
}

// True for vectors in the style of the SDKs; the documented minimum leaves out the key id.
bool isSdkStyle(json::object const& vector) {
  return textOf(vector.at("credentials").as_object(), "security_token").empty() ||
         valueOf(headersOf(vector), "x-acs-accesskey-id") != "(absent)";
}

}  // namespace

TEST_GROUP(V3Signing){};

TEST(V3Signing, GivesEveryStepOfEveryVector) {
  auto const all = vectors();
  LONGS_EQUAL(8, all.at("v3").as_array().size());
  for (auto const& vector : all.at("v3").as_array()) checkVector(vector.as_object());
}

TEST(V3Signing, BuildsTheWholeRequestOfEachVectorInTheStyleOfTheSdks) {
  auto const all = vectors();
  int checked = 0;
  for (auto const& each : all.at("v3").as_array()) {
    auto const& vector = each.as_object();
    if (!isSdkStyle(vector)) continue;
    auto const body = textOf(vector, "body");
    auto const request = signVector(vector, body);
    for (auto const& header : headersOf(vector)) {
      if (header.name == "host") continue;  // added by the host
      STRCMP_EQUAL_TEXT(header.value.c_str(), valueOf(request.headers, header.name).c_str(),
                        header.name.c_str());
    }
    LONGS_EQUAL(headersOf(vector).size() - 1, request.headers.size());
    auto const query = textOf(vector, "canonical_query");
    STRCMP_EQUAL((query.empty() ? "/" : "/?" + query).c_str(), request.target.c_str());
    ++checked;
  }
  LONGS_EQUAL(7, checked);
}

TEST(V3Signing, GivesTheSignaturesThatTheVendorPublished) {
  auto const all = vectors();
  int checked = 0;
  for (auto const& each : all.at("published").as_array()) {
    auto const& vector = each.as_object();
    if (textOf(vector, "kind") != "v3") continue;
    auto const stringToSign = "ACS3-HMAC-SHA256\n" + sha256Hex(textOf(vector, "canonical_request"));
    STRCMP_EQUAL(textOf(vector, "string_to_sign").c_str(), stringToSign.c_str());
    sdk::SecretBytes const secret(textOf(vector, "access_key_secret"));
    STRCMP_EQUAL(textOf(vector, "signature").c_str(), signatureV3(stringToSign, secret).c_str());
    ++checked;
  }
  LONGS_EQUAL(2, checked);
}

TEST(V3Signing, RebuildsTheExampleOfTheVendorsDocumentation) {
  auto const vector = vectors().at("published").as_array().at(0).as_object();
  std::vector<sdk::HttpHeader> const headers{
      {"Host", "ecs.cn-shanghai.aliyuncs.com"},
      {"x-acs-action", "RunInstances"},
      {"x-acs-version", "2014-05-26"},
      {"x-acs-date", "2023-10-26T10:22:32Z"},
      {"x-acs-signature-nonce", "3156853299f313e23d1673dc12e1703d"},
      {"x-acs-content-sha256", sha256Hex("")},
      {"user-agent", "not signed"}};
  auto const query =
      canonicalQuery({{"RegionId", "cn-shanghai"},
                      {"ImageId", "win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd"}});
  auto const hash = sha256Hex("");
  auto const canonical =
      canonicalV3({.method = "POST", .query = query, .headers = &headers, .payloadHash = hash});
  STRCMP_EQUAL(textOf(vector, "canonical_request").c_str(), canonical.request.c_str());
}

TEST(V3Signing, RebuildsTheExampleOfTheVendorsUnitTest) {
  auto const vector = vectors().at("published").as_array().at(1).as_object();
  std::vector<sdk::HttpHeader> const headers{{"x-acs-TEST", " https\t"}, {"X-Acs-Test", "http"}};
  auto const query = canonicalQuery({{"test", "ok"}, {"empty", ""}});
  auto const canonical = canonicalV3(
      {.path = "",
       .query = query,
       .headers = &headers,
       .payloadHash = "55e12e91650d2fec56ec74e1d3e4ddbfce2ef3a65890c2a19ecf88a307e76a23"});
  STRCMP_EQUAL(textOf(vector, "canonical_request").c_str(), canonical.request.c_str());
}

TEST(V3Signing, SendsNoTokenFieldsForALongLivedKey) {
  Credential const key("LTAIid", sdk::SecretBytes("secret"), {});
  auto const request = signV3({.host = "h", .action = "A", .version = "1"}, key, {});
  STRCMP_EQUAL("(absent)", valueOf(request.headers, "x-acs-security-token").c_str());
  STRCMP_EQUAL("(absent)", valueOf(request.headers, "x-acs-accesskey-id").c_str());
  STRCMP_EQUAL("(absent)", valueOf(request.headers, "content-type").c_str());
}

TEST(V3Signing, NeverSendsTheAccessKeySecret) {
  Credential const key("STS.id", sdk::SecretBytes("CANARY-SECRET"), sdk::SecretBytes("token"));
  auto const request = signV3({.host = "h", .action = "A", .version = "1"}, key, {});
  for (auto const& header : request.headers) {
    CHECK(header.value.find("CANARY-SECRET") == std::string::npos);
  }
}

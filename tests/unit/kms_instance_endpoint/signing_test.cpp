// SPDX-License-Identifier: Apache-2.0
#include "kms-instance-endpoint/signing.hpp"

#include <string>

#include "alicloud/acs_date.hpp"
#include "vectors.hpp"

#include <CppUTest/TestHarness.h>

using namespace kms_secretd;
using namespace kms_secretd::kms_instance_endpoint;

namespace json = boost::json;

namespace {

std::string headerOf(json::object const& vector, std::string_view name) {
  for (auto const& pair : vector.at("headers").as_array()) {
    if (pair.at(0).as_string() == name) return json::value_to<std::string>(pair.at(1));
  }
  return "(absent)";
}

void checkVector(json::object const& vector, ClientKey const& key) {
  auto const id = textOf(vector, "id");
  auto const body = unhex(textOf(vector, "request_body_hex"));
  auto const date = alicloud::parseServerDate(headerOf(vector, "date"));
  CHECK_TRUE_TEXT(date.has_value(), id.c_str());
  CallFacts const facts{
      .apiName = "GetSecretValue", .keyId = key.id(), .body = body, .date = *date};
  STRCMP_EQUAL_TEXT(textOf(vector, "string_to_sign").c_str(), stringToSign(facts).c_str(),
                    id.c_str());
  auto const call = signCall(facts, key);
  STRCMP_EQUAL_TEXT(textOf(vector, "signature_base64").c_str(), call.signature.c_str(), id.c_str());
  for (auto const& header : call.headers) {
    STRCMP_EQUAL_TEXT(headerOf(vector, header.name).c_str(), header.value.c_str(), id.c_str());
  }
  LONGS_EQUAL_TEXT(vector.at("headers").as_array().size() - 2, call.headers.size(), id.c_str());
}

}  // namespace

TEST_GROUP(Signing){};

// All headers of the vectors but Host and Content-Length, which the host adds.
TEST(Signing, MakesHeadersAndSignatureOfTheVectors) {
  auto const key = parsePemKey(keyPart("private_key_pem"), "KAAP.unit-test-0001");
  for (auto const& vector : vectors().at("dkms").as_array()) checkVector(vector.as_object(), *key);
}

TEST(Signing, SpellsTheKeysHeaderWithThreeCs) {
  auto const text = stringToSign({.apiName = "GetSecretValue", .keyId = "KAAP.1", .body = ""});
  CHECK(text.find("\nx-kms-acccesskeyid:KAAP.1\n") != std::string::npos);
}

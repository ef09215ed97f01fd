// SPDX-License-Identifier: Apache-2.0
#include "kms-instance-endpoint/messages.hpp"

#include <string>

#include "kms-instance-endpoint/utf8.hpp"
#include "vectors.hpp"

#include <CppUTest/TestHarness.h>

using namespace kms_secretd;
using namespace kms_secretd::kms_instance_endpoint;

namespace json = boost::json;

namespace {

// A length-delimited field.
std::string field(int number, std::string const& value) {
  return std::string(1, static_cast<char>(number << 3 | 2)) + static_cast<char>(value.size()) +
         value;
}

// A reply that is accepted: VersionId and SecretData.
std::string smallReply() { return field(3, "CANARY") + field(6, "v1"); }

std::string problemOf(std::string_view body) {
  auto const reply = decodeSecretValue(body);
  if (reply) return "(accepted)";
  STRCMP_EQUAL("invalid_response", sdk::nameOf(reply.failure().kind));
  CHECK(reply.failure().message.find("CANARY") == std::string::npos);
  return reply.failure().message;
}

sdk::FetchRequest requestOf(json::object const& message) {
  auto const* extended = message.if_contains("FetchExtendedConfig");
  return {.name = textOf(message, "SecretName"),
          .versionStage = textOf(message, "VersionStage"),
          .versionId = textOf(message, "VersionId"),
          .extendedConfig = extended != nullptr && extended->as_bool()};
}

}  // namespace

TEST_GROUP(Messages){};

TEST(Messages, EncodesEveryRequestOfTheVectors) {
  for (auto const& each : vectors().at("dkms").as_array()) {
    auto const& vector = each.as_object();
    auto const body = encodeGetSecretValue(requestOf(vector.at("request_message").as_object()));
    CHECK_TRUE_TEXT(unhex(textOf(vector, "request_body_hex")) == body,
                    textOf(vector, "id").c_str());
  }
}

TEST(Messages, ReadsATextSecret) {
  auto const reply = decodeSecretValue(message("response-generic-text"));
  CHECK(reply.ok());
  auto const& secret = reply.value().secret;
  STRCMP_EQUAL("app/db/password", reply.value().secretName.c_str());
  CHECK(secret.value.reveal() == "s3cr3t-\u00fc\u6f22");
  CHECK(secret.dataType == sdk::DataType::text);
  STRCMP_EQUAL("v2", secret.versionId.c_str());
  STRCMP_EQUAL("Generic", secret.secretType.c_str());
  LONGS_EQUAL(1, secret.stages.size());
  STRCMP_EQUAL("ACSCurrent", secret.stages.at(0).c_str());
  STRCMP_EQUAL("6a3e9c36-1150-4881-84d3-eb8672fcafad", secret.requestId.c_str());
  STRCMP_EQUAL("", secret.nextRotation.c_str());
}

TEST(Messages, B27_DecodesABinarySecret) {
  auto const reply = decodeSecretValue(message("response-generic-binary"));
  CHECK(reply.ok());
  auto const& secret = reply.value().secret;
  CHECK(secret.dataType == sdk::DataType::binary);
  CHECK(secret.value.reveal() ==
        std::string_view("\x00\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b\x0c\x0d\x0e\x0f\xff\xfe",
                         18));
  LONGS_EQUAL(2, secret.stages.size());
}

TEST(Messages, ReadsRotationAndExtendedConfiguration) {
  auto const reply = decodeSecretValue(message("response-rds-extended"));
  CHECK(reply.ok());
  auto const& secret = reply.value().secret;
  STRCMP_EQUAL("2026-09-01T00:00:00Z", secret.nextRotation.c_str());
  STRCMP_EQUAL("Enabled", secret.rotationState.c_str());
  CHECK(secret.extendedConfig.reveal().starts_with(R"({"SecretSubType":"DoubleUsers")"));
}

TEST(Messages, RefusesABinarySecretThatIsNotBase64) {
  auto const body = field(3, "CANARY!") + field(4, "binary") + field(6, "v1");
  CHECK(problemOf(body).find("marked binary but is not base64") != std::string::npos);
}

TEST(Messages, WantsValueAndVersion) {
  STRCMP_EQUAL("its VersionId is missing", problemOf(field(3, "CANARY")).c_str());
  STRCMP_EQUAL("its SecretData is missing", problemOf(field(6, "v1")).c_str());
  STRCMP_EQUAL("its VersionId is empty", problemOf(field(3, "CANARY") + field(6, "")).c_str());
  STRCMP_EQUAL("its SecretData is missing", problemOf("").c_str());
  STRCMP_EQUAL("(accepted)", problemOf(smallReply()).c_str());
}

TEST(Messages, RefusesWhatIsAmbiguousOrUnknown) {
  STRCMP_EQUAL("its SecretData is there twice",
               problemOf(smallReply() + field(3, "CANARY2")).c_str());
  STRCMP_EQUAL("its SecretDataType is neither text nor binary",
               problemOf(smallReply() + field(4, "xml")).c_str());
}

TEST(Messages, RefusesAKnownFieldOfAnotherWireType) {
  STRCMP_EQUAL("its SecretData is not a text", problemOf("\x18\x01").c_str());  // varint
  STRCMP_EQUAL("its VersionId is not a text", problemOf("\x35"
                                                        "1234")
                                                  .c_str());  // fixed32
}

TEST(Messages, SkipsUnknownFieldsOfEveryWireType) {
  // Fields 20 to 23: a varint, eight bytes, a text, four bytes.
  std::string const unknown = std::string("\xa0\x01\x96\x01", 4) + "\xa9\x01" + "12345678" +
                              "\xb2\x01\x03" + "abc" + "\xbd\x01" + "1234";
  STRCMP_EQUAL("(accepted)", problemOf(unknown + smallReply() + unknown).c_str());
}

TEST(Messages, RefusesTextThatIsNotUtf8) {
  STRCMP_EQUAL("its SecretData is not UTF-8",
               problemOf(field(3, "CANARY\xff") + field(6, "v1")).c_str());
}

TEST(Messages, RefusesEveryTruncationOfAReply) {
  auto const whole = message("response-rds-extended");
  for (std::size_t size = 0; size < whole.size(); ++size) {
    // Some prefixes are whole messages without the last fields; none may become another value.
    auto const reply = decodeSecretValue(std::string_view(whole).substr(0, size));
    if (reply) CHECK(reply.value().secret.value.reveal().ends_with("p@ss\"}"));
  }
}

TEST(Messages, RefusesGiantLengthsAndOverlongVarints) {
  auto const giant = std::string("\x1a\xff\xff\xff\xff\x0f", 6) + "CANARY";
  STRCMP_EQUAL("it is truncated, or no protobuf at all", problemOf(giant).c_str());
  auto const overlong = std::string("\xa0\x01") + std::string(11, '\xff') + '\x01';
  STRCMP_EQUAL("it is truncated, or no protobuf at all", problemOf(overlong).c_str());
  STRCMP_EQUAL("it is truncated, or no protobuf at all", problemOf("<html>").c_str());
  STRCMP_EQUAL("it is truncated, or no protobuf at all", problemOf("\x1b\x1c").c_str());  // group
}

TEST(Messages, ReadsTheErrorsOfTheVectors) {
  auto const missing = decodeError(message("error-not-found"), 404);
  CHECK(missing.has_value());
  LONGS_EQUAL(404, missing->status);
  STRCMP_EQUAL("Forbidden.ResourceNotFound", missing->code.c_str());
  STRCMP_EQUAL("Resource not found.", missing->message.c_str());
  STRCMP_EQUAL("430c76cd-0000-4000-8000-000000000001", missing->requestId.c_str());
  STRCMP_EQUAL("Rejected.Throttling", decodeError(message("error-throttled"), 429)->code.c_str());
  STRCMP_EQUAL("MissingParameter", decodeError(message("error-old-image"), 400)->code.c_str());
}

TEST(Messages, FindsNoErrorInAnythingElse) {
  for (auto const* text : {"", "<html><body>502</body></html>", "\x12",
                           "\x12\x05"
                           "abc",
                           "\x10\x01", R"({"Code":"Throttling"})"}) {
    CHECK_FALSE_TEXT(decodeError(text, 502).has_value(), text);
  }
}

TEST(Messages, KnowsUtf8FromEverythingElse) {
  for (auto const* good : {"", "a", "\u00fc\u6f22", "\U0010FFFF", "\xed\x9f\xbf", "\xee\x80\x80"}) {
    CHECK_TRUE_TEXT(isUtf8(good), good);
  }
  for (auto const* bad :
       {"\x80", "\xc0\x80", "\xc1\xbf", "\xe0\x80\x80", "\xed\xa0\x80", "\xf0\x80\x80\x80",
        "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xc3", "\xe6\xbc", "\xff", "a\xfe"}) {
    CHECK_FALSE_TEXT(isUtf8(bad), bad);
  }
}

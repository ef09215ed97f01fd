// SPDX-License-Identifier: Apache-2.0
#include "alicloud/kms_reply.hpp"

#include <string>

#include "alicloud/json_document.hpp"

#include <CppUTest/TestHarness.h>

using namespace kms_secretd;
using namespace kms_secretd::alicloud;

namespace {

sdk::Result<SecretValueReply> parse(std::string_view body) {
  return parseSecretValue(body, wipingStorage());
}

std::string problemOf(std::string_view body) {
  auto const reply = parse(body);
  if (reply) return "(accepted)";
  STRCMP_EQUAL("invalid_response", sdk::nameOf(reply.failure().kind));
  CHECK(reply.failure().message.find("CANARY") == std::string::npos);
  return reply.failure().message;
}

// {"VersionId":"v1","SecretData":"CANARY", <more> }
std::string with(std::string const& more) {
  return R"({"VersionId":"v1","SecretData":"CANARY",)" + more + "}";
}

constexpr auto generic =
    R"({"SecretName":"app/db/password","VersionId":"v2","SecretData":"p@ss w\u00f6rd",)"
    R"("SecretType":"Generic","SecretDataType":"text","VersionStages":{"VersionStage":["ACSCurrent"]},)"
    R"("CreateTime":"2026-08-30T07:15:01Z","RequestId":"6a3e9c36-1150-4881-84d3-eb8672fcafad"})";

constexpr auto rds =
    R"({"SecretName":"rds-main","VersionId":"00000000000000000000000000000007",)"
    R"("SecretData":"{\"AccountName\":\"app_a\",\"AccountPassword\":\"p@ss\"}","SecretType":"Rds",)"
    R"("SecretDataType":"text","VersionStages":{"VersionStage":["ACSCurrent","Other"]},)"
    R"("NextRotationDate":"2026-09-01T00:00:00Z","RotationInterval":"604800s",)"
    R"("AutomaticRotation":"Enabled","ExtendedConfig":"{\"SecretSubType\":\"DoubleUsers\"}",)"
    R"("RequestId":"r-1"})";

}  // namespace

TEST_GROUP(KmsReply){};

TEST(KmsReply, ReadsAGenericText) {
  auto const reply = parse(generic);
  CHECK(reply.ok());
  auto const& secret = reply.value().secret;
  STRCMP_EQUAL("app/db/password", reply.value().secretName.c_str());
  CHECK(secret.value.reveal() == "p@ss w\xC3\xB6rd");
  CHECK(secret.dataType == sdk::DataType::text);
  STRCMP_EQUAL("v2", secret.versionId.c_str());
  LONGS_EQUAL(1, secret.stages.size());
  STRCMP_EQUAL("ACSCurrent", secret.stages.at(0).c_str());
  STRCMP_EQUAL("Generic", secret.secretType.c_str());
  STRCMP_EQUAL("6a3e9c36-1150-4881-84d3-eb8672fcafad", secret.requestId.c_str());
  CHECK(secret.extendedConfig.empty());
}

TEST(KmsReply, ReadsAManagedSecretWithItsRotation) {
  auto const reply = parse(rds);
  CHECK(reply.ok());
  auto const& secret = reply.value().secret;
  CHECK(secret.value.reveal() == R"({"AccountName":"app_a","AccountPassword":"p@ss"})");
  CHECK(secret.extendedConfig.reveal() == R"({"SecretSubType":"DoubleUsers"})");
  STRCMP_EQUAL("2026-09-01T00:00:00Z", secret.nextRotation.c_str());
  STRCMP_EQUAL("Enabled", secret.rotationState.c_str());
  LONGS_EQUAL(2, secret.stages.size());
}

TEST(KmsReply, DecodesABinarySecret) {
  auto const reply = parse(
      R"({"VersionId":"v1","SecretData":"AAECAwQFBgcICQoLDA0OD//+","SecretDataType":"binary"})");
  CHECK(reply.ok());
  CHECK(reply.value().secret.dataType == sdk::DataType::binary);
  LONGS_EQUAL(18, reply.value().secret.value.size());
  LONGS_EQUAL(0, reply.value().secret.value.reveal()[0]);
}

TEST(KmsReply, SaysHowToMendABinarySecretThatIsNotBase64) {
  auto const problem =
      problemOf(R"({"VersionId":"v1","SecretData":"CANARYdata1","SecretDataType":"binary"})");
  CHECK(problem.find("not base64") != std::string::npos);
  CHECK(problem.find("store it again") != std::string::npos);
}

TEST(KmsReply, KeepsEveryByteOfTheValue) {
  auto const reply =
      parse(R"({"VersionId":"v","SecretData":"\u0000\t\r\n \"\\\/0755 1.10 3306\n"})");
  CHECK(reply.ok());
  CHECK(reply.value().secret.value.reveal() ==
        std::string_view("\0\t\r\n \"\\/0755 1.10 3306\n", 23));
}

TEST(KmsReply, TakesAnEmptyValueAndALargeOne) {
  CHECK(parse(R"({"VersionId":"v","SecretData":""})").ok());
  std::string const large(30'720, 'x');
  auto const reply = parse(R"({"VersionId":"v","SecretData":")" + large + "\"}");
  CHECK(reply.value().secret.value.reveal() == large);
}

TEST(KmsReply, B25_TakesAReplyOfOnlyTheRequiredMembers) {
  auto const reply = parse(R"({"VersionId":"v1","SecretData":"x"})");
  CHECK(reply.ok());
  auto const& secret = reply.value().secret;
  CHECK(secret.dataType == sdk::DataType::text);
  CHECK(secret.stages.empty() && secret.secretType.empty() && secret.requestId.empty());
  CHECK(reply.value().secretName.empty());
}

TEST(KmsReply, B25_TakesNullForAbsent) {
  CHECK(parse(with(R"("SecretDataType":null,"VersionStages":null,"SecretName":null,)"
                   R"("NextRotationDate":null,"ExtendedConfig":null,"RequestId":null)"))
            .ok());
  CHECK(parse(with(R"("VersionStages":{"VersionStage":null})")).ok());
  CHECK(parse(with(R"("VersionStages":{})")).ok());
}

TEST(KmsReply, IgnoresUnknownMembers) {
  CHECK(parse(with(R"("New":{"SecretData":[1,{"x":"y"}]},"Other":7)")).ok());
}

TEST(KmsReply, B25_RefusesARequiredMemberThatIsMissing) {
  STRCMP_EQUAL("its SecretData is missing", problemOf(R"({"VersionId":"v1"})").c_str());
  STRCMP_EQUAL("its SecretData is missing",
               problemOf(R"({"VersionId":"v1","SecretData":null})").c_str());
  STRCMP_EQUAL("its VersionId is missing", problemOf(R"({"SecretData":"CANARY"})").c_str());
  STRCMP_EQUAL("its VersionId is empty",
               problemOf(R"({"SecretData":"CANARY","VersionId":""})").c_str());
}

TEST(KmsReply, RefusesMembersOfAWrongType) {
  STRCMP_EQUAL("its SecretData is not a string",
               problemOf(R"({"VersionId":"v1","SecretData":{"a":"CANARY"}})").c_str());
  for (auto const* more :
       {R"("SecretDataType":1)", R"("SecretDataType":"Text")", R"("VersionStages":["ACSCurrent"])",
        R"("VersionStages":"ACSCurrent")", R"("VersionStages":{"VersionStage":"ACSCurrent"})",
        R"("VersionStages":{"VersionStage":[1]})", R"("VersionStages":{"VersionStage":[null]})",
        R"("SecretName":[])", R"("SecretType":{})", R"("NextRotationDate":1)",
        R"("ExtendedConfig":{"a":1})", R"("RequestId":true)"}) {
    CHECK_TRUE_TEXT(problemOf(with(more)).starts_with("its "), more);
  }
}

TEST(KmsReply, RefusesAValueThatComesTwice) {
  CHECK(problemOf(with(R"("SecretData":"CANARY2")")).find("twice") != std::string::npos);
}

TEST(KmsReply, RefusesWhatIsNoObject) {
  for (auto const* body : {"[]", "null", "\"CANARY\"", "7", "true", "", "CANARY", "<html>CANARY"}) {
    CHECK_TRUE_TEXT(problemOf(body).starts_with("it is "), body);
  }
}

TEST(KmsReply, RefusesEveryTruncation) {
  for (std::string_view const whole : {generic, rds}) {
    for (std::size_t size = 0; size < whole.size(); ++size) {
      STRCMP_EQUAL("it is truncated JSON", problemOf(whole.substr(0, size)).c_str());
    }
  }
}

TEST(KmsReply, RefusesGiantsAndDepth) {
  auto const giant = with("\"x\":\"" + std::string(1024 * 1024, 'y') + '"');
  STRCMP_EQUAL("it is larger than the limit", problemOf(giant).c_str());
  auto const deep = with("\"x\":" + std::string(100'000, '[') + std::string(100'000, ']'));
  STRCMP_EQUAL("it is nested too deeply", problemOf(deep).c_str());
}

TEST(KmsReply, LetsNoStrangeRequestIdThrough) {
  STRCMP_EQUAL("", parse(with(R"("RequestId":"a\nb")")).value().secret.requestId.c_str());
}

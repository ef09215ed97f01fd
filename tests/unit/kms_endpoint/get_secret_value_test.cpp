// SPDX-License-Identifier: Apache-2.0
#include "kms-endpoint/get_secret_value.hpp"

#include <string>

#include "alicloud/secret_request.hpp"

#include <CppUTest/TestHarness.h>

using namespace kms_secretd;
using namespace kms_secretd::kms_endpoint;
using alicloud::isSameSecret;
using alicloud::mismatchOf;
using alicloud::problemOf;

namespace {

constexpr auto arn = "acs:kms:cn-hangzhou:1234567890123456:secret/my+app/db";

std::string queryOf(sdk::FetchRequest const& request) {
  return alicloud::canonicalQuery(getSecretValue(request, "h").query);
}

alicloud::SecretValueReply reply(char const* name, char const* type, char const* versionId) {
  alicloud::SecretValueReply out;
  out.secretName = name;
  out.secret.secretType = type;
  out.secret.versionId = versionId;
  return out;
}

}  // namespace

TEST_GROUP(GetSecretValue){};

TEST(GetSecretValue, SendsOnlyTheParametersThatAreSet) {
  STRCMP_EQUAL("SecretName=a%2Fb", queryOf({.name = "a/b"}).c_str());
  STRCMP_EQUAL(
      "FetchExtendedConfig=true&SecretName=a&VersionId=v1&VersionStage=ACSPrevious",
      queryOf(
          {.name = "a", .versionStage = "ACSPrevious", .versionId = "v1", .extendedConfig = true})
          .c_str());
}

TEST(GetSecretValue, SendsAnArnEncoded) {
  STRCMP_EQUAL("SecretName=acs%3Akms%3Acn-hangzhou%3A1234567890123456%3Asecret%2Fmy%2Bapp%2Fdb",
               queryOf({.name = arn}).c_str());
}

TEST(GetSecretValue, SendsNothingThatCannotBeAName) {
  CHECK(problemOf({.name = ""}).has_value());
  CHECK(problemOf({.name = std::string(513, 'a')}).has_value());
  CHECK(problemOf({.name = "a\nb"}).has_value());
  CHECK(problemOf({.name = "a", .versionId = std::string("v\0", 2)}).has_value());
  CHECK(problemOf({.name = "a", .versionStage = "\x7F"}).has_value());
  CHECK_FALSE(problemOf({.name = arn}).has_value());
  CHECK_FALSE(problemOf({.name = std::string(192, 'a')}).has_value());
}

TEST(GetSecretValue, TakesTheEchoOfANameOrAnArnForEither) {
  CHECK(isSameSecret("my+app/db", "my+app/db"));
  CHECK(isSameSecret(arn, arn));
  CHECK(isSameSecret(arn, "my+app/db"));
  CHECK(isSameSecret("my+app/db", arn));
  CHECK_FALSE(isSameSecret("my+app/db", "other"));
  CHECK_FALSE(isSameSecret("db", arn));
  CHECK_FALSE(isSameSecret(arn, "acs:kms:cn-hangzhou:6543210987654321:secret/my+app/db"));
  CHECK_FALSE(isSameSecret("My", "my"));
}

TEST(GetSecretValue, FindsAReplyAboutAnotherSecret) {
  STRCMP_EQUAL("it is about another secret",
               mismatchOf({.name = "a"}, reply("b", "Generic", "v1"))->c_str());
  CHECK_FALSE(mismatchOf({.name = "a"}, reply("", "Generic", "v1")).has_value());
}

TEST(GetSecretValue, ComparesThePinnedVersionOfAGenericSecret) {
  sdk::FetchRequest const pinned{.name = "a", .versionId = "v1"};
  CHECK_FALSE(mismatchOf(pinned, reply("a", "Generic", "v1")).has_value());
  CHECK(mismatchOf(pinned, reply("a", "Generic", "v2")).has_value());
  CHECK(mismatchOf(pinned, reply("a", "", "v2")).has_value());
}

TEST(GetSecretValue, LeavesTheVersionOfAManagedSecretToTheHost) {
  sdk::FetchRequest const pinned{.name = "a", .versionId = "v1"};
  for (auto const* type : {"Rds", "PolarDB", "Redis", "RAMCredentials", "ECS", "Future"}) {
    CHECK_FALSE_TEXT(mismatchOf(pinned, reply("a", type, "v2")).has_value(), type);
  }
}

// SPDX-License-Identifier: Apache-2.0
#include <string>

#include "emulator/kms/operations.hpp"

#include <CppUTest/TestHarness.h>

using namespace kms_secretd::emulator;

TEST_GROUP(Operations) {
  SecretStore store;
  Settings settings;
  boost::json::object members;

  void setup() override {
    add("app/db", "Generic");
    put("app/db", {"v1", "one", "text", {}});
    put("app/db", {"v2", "two", "text", {}});
    add("rds", "Rds");
    put("rds", {"", "{\"AccountName\":\"a\"}", "text", {}});
  }

  void add(const std::string& name, const std::string& type) {
    Secret secret;
    secret.account = settings.account;
    secret.name = name;
    secret.type = type;
    secret.createTime = 0;
    secret.automaticRotation = type == "Generic" ? "" : "Enabled";
    secret.rotationInterval = "604800s";
    secret.nextRotation = 604800;
    secret.extendedConfig = type == "Generic" ? "" : R"({"SecretSubType":"SingleUser"})";
    secret.tags = {{"team", name}};
    store.put(secret);
  }

  void put(const std::string& name, const NewVersion& version) {
    CHECK_FALSE(store.putVersion({settings.account, name}, version, 60).has_value());
  }

  // "OK" with `members` filled, or the error code.
  std::string run(const char* operation, const Params& params, const std::string& key = "k") {
    Answer answer = findOperation(operation)({params, key, settings.account, settings, store});
    if (const auto* error = std::get_if<ApiError>(&answer)) return error->code;
    members = std::get<boost::json::object>(std::move(answer));
    return "OK";
  }

  std::string get(Params params) {
    if (findParam(params, "SecretName") == nullptr) params.emplace_back("SecretName", "app/db");
    return run("GetSecretValue", params);
  }

  std::string member(const char* name) {
    const auto* value = members.if_contains(name);
    return value == nullptr ? "absent" : std::string(value->as_string());
  }
};

#define RUN(expected, call) STRCMP_EQUAL(expected, (call).c_str())
#define MEMBER(expected, name) STRCMP_EQUAL(expected, member(name).c_str())

TEST(Operations, GetSecretValueAnswersTheCurrentVersionWithAllMembers) {
  RUN("OK", get({}));
  STRCMP_EQUAL(
      R"({"SecretName":"app/db","SecretType":"Generic","SecretData":"two",)"
      R"("SecretDataType":"text","VersionId":"v2","VersionStages":{"VersionStage":["ACSCurrent"]},)"
      R"("CreateTime":"1970-01-01T00:00:00Z"})",
      boost::json::serialize(members).c_str());
}

TEST(Operations, VersionIdAndStageChooseAndHaveToAgree) {
  RUN("OK", get({{"VersionStage", "ACSPrevious"}}));
  MEMBER("one", "SecretData");
  RUN("OK", get({{"VersionId", "v1"}}));
  MEMBER("one", "SecretData");
  RUN("OK", get({{"VersionId", "v1"}, {"VersionStage", "ACSPrevious"}}));
  RUN("InvalidParameter", get({{"VersionId", "v1"}, {"VersionStage", "ACSCurrent"}}));
  RUN("Forbidden.ResourceNotFound", get({{"VersionId", "v9"}}));
  RUN("Forbidden.ResourceNotFound", get({{"VersionStage", "Nowhere"}}));
}

TEST(Operations, AnEmptyVersionIdOrStageCountsAsAbsent) {
  RUN("OK", get({{"VersionId", ""}, {"VersionStage", ""}}));
  MEMBER("v2", "VersionId");
}

TEST(Operations, ManagedTypesIgnoreVersionIdsAndKnowTwoStages) {
  RUN("OK", get({{"SecretName", "rds"}, {"VersionId", "nonsense"}}));
  MEMBER("Rds", "SecretType");
  MEMBER("Enabled", "AutomaticRotation");
  MEMBER("604800s", "RotationInterval");
  MEMBER("1970-01-08T00:00:00Z", "NextRotationDate");
  MEMBER("absent", "ExtendedConfig");
  RUN("Forbidden.ResourceNotFound", get({{"SecretName", "rds"}, {"VersionStage", "Canary"}}));
}

TEST(Operations, ExtendedConfigComesOnRequestAndForManagedTypesOnly) {
  RUN("OK", get({{"SecretName", "rds"}, {"FetchExtendedConfig", "true"}}));
  MEMBER(R"({"SecretSubType":"SingleUser"})", "ExtendedConfig");
  RUN("OK", get({{"FetchExtendedConfig", "true"}}));
  MEMBER("absent", "ExtendedConfig");
}

TEST(Operations, ArnsNameSecretsOfAnyAccountInThisRegion) {
  const std::string mine = "acs:kms:cn-hangzhou:" + settings.account + ":secret/app/db";
  RUN("OK", get({{"SecretName", mine}}));
  MEMBER("app/db", "SecretName");
  settings.echoArn = true;
  RUN("OK", get({{"SecretName", mine}}));
  STRCMP_EQUAL(mine.c_str(), member("SecretName").c_str());
  RUN("Forbidden.ResourceNotFound",
      get({{"SecretName", "acs:kms:cn-beijing:" + settings.account + ":secret/app/db"}}));
  RUN("Forbidden.ResourceNotFound", get({{"SecretName", "acs:kms:cn-hangzhou:2:secret/app/db"}}));
  RUN("InvalidParameter", get({{"SecretName", "acs:kms:cn-hangzhou:secret/app/db"}}));
  Secret foreign;
  foreign.account = "2";
  foreign.name = "app/db";
  store.put(foreign);
  store.putVersion({"2", "app/db"}, {"f1", "foreign", "text", {}}, 1);
  RUN("OK", get({{"SecretName", "acs:kms:cn-hangzhou:2:secret/app/db"}}));
  MEMBER("foreign", "SecretData");
}

TEST(Operations, MissingMalformedAndUnknownNamesDiffer) {
  RUN("MissingSecretName", get({{"SecretName", ""}}));
  RUN("InvalidParameter", get({{"SecretName", "a b"}}));
  RUN("Forbidden.ResourceNotFound", get({{"SecretName", "absent"}}));
}

TEST(Operations, PermissionIsTakenPerSecretAndKey) {
  store.setDenied({settings.account, "app/db"}, "k", true);
  RUN("Forbidden.NoPermission", get({}));
  RUN("OK", run("GetSecretValue", {{"SecretName", "app/db"}}, "other"));
  RUN("OK", get({{"SecretName", "rds"}}));
  store.setDenied({settings.account, "app/db"}, "k", false);
  RUN("OK", get({}));
  store.setDenied({settings.account, "app/db"}, "*", true);
  RUN("Forbidden.NoPermission", run("DescribeSecret", {{"SecretName", "app/db"}}, "other"));
}

TEST(Operations, ASecretInItsDeletionWindowIsRefusedButDescribed) {
  store.remove({settings.account, "app/db"}, 86400);
  RUN("Rejected.ResourceInDeleteWindow", get({}));
  RUN("OK", run("DescribeSecret", {{"SecretName", "app/db"}}));
  MEMBER("1970-01-02T00:00:00Z", "PlannedDeleteTime");
}

TEST(Operations, ADryRunAlwaysFailsAndItsCodeTellsWhy) {
  RUN("DryRunOperationError", get({{"DryRun", "true"}}));
  RUN("ValidationError", get({{"DryRun", "true"}, {"SecretName", "absent"}}));
  store.setDenied({settings.account, "app/db"}, "*", true);
  RUN("AccessDeniedError", get({{"DryRun", "true"}}));
}

TEST(Operations, DescribeSecretTellsArnTimesAndTags) {
  RUN("OK", run("DescribeSecret", {{"SecretName", "app/db"}, {"FetchTags", "true"}}));
  const std::string arn = "acs:kms:cn-hangzhou:" + settings.account + ":secret/app/db";
  STRCMP_EQUAL(arn.c_str(), member("Arn").c_str());
  MEMBER("1970-01-01T00:01:00Z", "UpdateTime");
  STRCMP_EQUAL(R"({"Tag":[{"TagKey":"team","TagValue":"app/db"}]})",
               boost::json::serialize(members.at("Tags")).c_str());
  CHECK_FALSE(members.contains("SecretData"));
}

TEST(Operations, ListSecretVersionIdsHidesUnlabelledVersionsUnlessAsked) {
  put("app/db", {"v3", "three", "text", {}});
  RUN("OK", run("ListSecretVersionIds", {{"SecretName", "app/db"}}));
  CHECK_EQUAL(2, members.at("TotalCount").to_number<int>());
  RUN("OK", run("ListSecretVersionIds", {{"SecretName", "app/db"},
                                         {"IncludeDeprecated", "true"},
                                         {"PageSize", "2"},
                                         {"PageNumber", "2"}}));
  CHECK_EQUAL(3, members.at("TotalCount").to_number<int>());
  const auto& page = members.at("VersionIds").at("VersionId").as_array();
  CHECK_EQUAL(1U, page.size());
  STRCMP_EQUAL(R"({"VersionId":"v3","CreateTime":"1970-01-01T00:01:00Z",)"
               R"("VersionStages":{"VersionStage":["ACSCurrent"]}})",
               boost::json::serialize(page.at(0)).c_str());
}

TEST(Operations, ListSecretsPagesAndFilters) {
  for (int i = 0; i < 25; ++i) add("bulk/" + std::to_string(i), "Generic");
  RUN("OK", run("ListSecrets", {}));
  CHECK_EQUAL(27, members.at("TotalCount").to_number<int>());
  CHECK_EQUAL(10U, members.at("SecretList").at("Secret").as_array().size());
  RUN("OK", run("ListSecrets", {{"PageNumber", "3"}, {"PageSize", "10"}}));
  CHECK_EQUAL(7U, members.at("SecretList").at("Secret").as_array().size());
  RUN("OK", run("ListSecrets", {{"PageNumber", "9"}, {"PageSize", "10"}}));
  CHECK_EQUAL(0U, members.at("SecretList").at("Secret").as_array().size());
  RUN("OK", run("ListSecrets", {{"Filters", R"([{"Key":"SecretType","Values":["Rds"]}])"}}));
  CHECK_EQUAL(1, members.at("TotalCount").to_number<int>());
  RUN("OK", run("ListSecrets", {{"Filters", R"([{"Key":"TagValue","Values":["rds","app/db"]}])"}}));
  CHECK_EQUAL(2, members.at("TotalCount").to_number<int>());
}

TEST(Operations, ListSecretsRefusesNonsense) {
  for (const char* size : {"0", "101", "-1", "x", "99999999999999999999"}) {
    RUN("InvalidParameter", run("ListSecrets", {{"PageSize", size}}));
  }
  RUN("InvalidParameter", run("ListSecrets", {{"PageNumber", "18446744073709551615"}}));
  for (const char* filters : {"x", "{}", "[1]", R"([{"Key":"SecretName"}])",
                              R"([{"Key":"SecretName","Values":[1]}])", "[[[[[[[[[["}) {
    RUN("InvalidParameter", run("ListSecrets", {{"Filters", filters}}));
  }
}

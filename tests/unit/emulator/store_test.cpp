// SPDX-License-Identifier: Apache-2.0
#include <string>

#include "emulator/kms/secret_store.hpp"
#include "emulator/kms/stages.hpp"

#include <CppUTest/TestHarness.h>

using namespace kms_secretd::emulator;

namespace {

const SecretRef kRef{"1", "app/db"};

std::string codeOf(const Refusal& refusal) { return refusal ? refusal->code : "OK"; }

}  // namespace

TEST_GROUP(Store) {
  SecretStore store;

  void setup() override { create("Generic"); }

  void create(const std::string& type) {
    Secret secret;
    secret.account = kRef.account;
    secret.name = kRef.name;
    secret.type = type;
    STRCMP_EQUAL("OK", codeOf(store.put(secret)).c_str());
  }

  std::string put(const std::string& id, const std::string& data = "x",
                  std::vector<std::string> stages = {}) {
    return codeOf(store.putVersion(kRef, {id, data, "text", std::move(stages)}, 100));
  }

  std::string move(const std::string& stage, const std::string& to) {
    return codeOf(store.moveStage(kRef, stage, to, 100));
  }

  std::string holder(std::string_view stage) {
    const Version* version = findByStage(store.find(kRef)->versions, stage);
    return version == nullptr ? "" : version->id;
  }
};

TEST(Store, ANewVersionBecomesCurrentAndTheFormerOnePrevious) {
  put("v1");
  STRCMP_EQUAL("v1", holder(kCurrent).c_str());
  STRCMP_EQUAL("", holder(kPrevious).c_str());
  put("v2");
  STRCMP_EQUAL("v2", holder(kCurrent).c_str());
  STRCMP_EQUAL("v1", holder(kPrevious).c_str());
  put("v3");
  STRCMP_EQUAL("v3", holder(kCurrent).c_str());
  STRCMP_EQUAL("v2", holder(kPrevious).c_str());
  CHECK_EQUAL(2U, countStages(store.find(kRef)->versions));
}

TEST(Store, ExplicitStagesLeaveCurrentWhereItIs) {
  put("v1");
  put("v2", "y", {"Canary"});
  STRCMP_EQUAL("v1", holder(kCurrent).c_str());
  STRCMP_EQUAL("v2", holder("Canary").c_str());
}

TEST(Store, CurrentCanGoBackToAnOldVersion) {
  put("v1");
  put("v2");
  STRCMP_EQUAL("OK", move("ACSCurrent", "v1").c_str());
  STRCMP_EQUAL("v1", holder(kCurrent).c_str());
  STRCMP_EQUAL("v2", holder(kPrevious).c_str());
  STRCMP_EQUAL("OK", move("ACSCurrent", "v1").c_str());
  STRCMP_EQUAL("v2", holder(kPrevious).c_str());
}

TEST(Store, ALabelPointsToOneVersionAndCustomOnesCanBeTakenAway) {
  put("v1");
  put("v2");
  move("Canary", "v1");
  move("Canary", "v2");
  STRCMP_EQUAL("v2", holder("Canary").c_str());
  STRCMP_EQUAL("OK", move("Canary", "").c_str());
  STRCMP_EQUAL("", holder("Canary").c_str());
  STRCMP_EQUAL("InvalidParameter", move("ACSCurrent", "").c_str());
  STRCMP_EQUAL("Forbidden.ResourceNotFound", move("Canary", "v9").c_str());
}

TEST(Store, TheSameVersionAgainIsASuccessAnotherValueIsNot) {
  put("v1", "x");
  STRCMP_EQUAL("OK", put("v1", "x").c_str());
  STRCMP_EQUAL("Rejected.ResourceExist", put("v1", "y").c_str());
  CHECK_EQUAL(1U, store.find(kRef)->versions.size());
}

TEST(Store, TheEleventhVersionPushesTheEarliestUnlabelledOneOut) {
  for (int i = 0; i < 10; ++i) put("v" + std::to_string(i));
  move("Pin", "v0");
  put("v10");
  const Versions& versions = store.find(kRef)->versions;
  CHECK_EQUAL(10U, versions.size());
  CHECK_TRUE(findById(versions, "v0") != nullptr);
  CHECK_TRUE(findById(versions, "v1") == nullptr);
}

TEST(Store, AtMostEightLabelsAndThirtyKilobytes) {
  put("v1");
  STRCMP_EQUAL("OK", put("v2", "x", {"a", "b", "c", "d", "e", "f", "g"}).c_str());
  STRCMP_EQUAL("Rejected.LimitExceeded", put("v3", "x", {"h"}).c_str());
  STRCMP_EQUAL("OK", put("v4", std::string(30720, 'x')).c_str());
  STRCMP_EQUAL("InvalidParameter", put("v5", std::string(30721, 'x')).c_str());
  STRCMP_EQUAL("InvalidParameter", put(std::string(65, 'v')).c_str());
}

TEST(Store, VersionsWithoutAnIdGetAFreshOne) {
  put("v1");
  put("");
  CHECK_EQUAL(2U, store.find(kRef)->versions.size());
  CHECK_FALSE(holder(kCurrent) == "v1");
}

TEST(Store, ManagedSecretsRotateWithSystemIdsAndBuiltInStagesOnly) {
  create("Rds");
  STRCMP_EQUAL("OK", codeOf(store.rotate(kRef, "{}", 500)).c_str());
  CHECK_EQUAL(32U, holder(kCurrent).size());
  CHECK_EQUAL(500, *store.find(kRef)->lastRotation);
  STRCMP_EQUAL("InvalidParameter", put("", "{}", {"Canary"}).c_str());
  STRCMP_EQUAL("InvalidParameter", move("ACSCurrent", holder(kCurrent)).c_str());
}

TEST(Store, UpdateTimeMovesOnlyIfTheTestWantsThat) {
  put("v1");
  CHECK_EQUAL(100, store.find(kRef)->updateTime);
  store.setUpdateTimeMoves(false);
  store.putVersion(kRef, {"v2", "x", "text", {}}, 200);
  CHECK_EQUAL(100, store.find(kRef)->updateTime);
}

TEST(Store, DeletionIsFinalOrAWindow) {
  STRCMP_EQUAL("OK", codeOf(store.remove(kRef, 5000)).c_str());
  CHECK_EQUAL(5000, *store.find(kRef)->plannedDelete);
  store.restore(kRef);
  CHECK_FALSE(store.find(kRef)->plannedDelete.has_value());
  store.remove(kRef, std::nullopt);
  CHECK_TRUE(store.find(kRef) == nullptr);
  STRCMP_EQUAL("Forbidden.ResourceNotFound", codeOf(store.remove(kRef, 1)).c_str());
}

TEST(Store, NamesFollowTheServicesRules) {
  CHECK_TRUE(isSecretName("A-Za-z0-9_/+=.@", false));
  CHECK_TRUE(isSecretName(std::string(192, 'n'), false));
  CHECK_TRUE(isSecretName("acs/ram/user/x", true));
  for (const std::string& bad : {std::string(), std::string(193, 'n'), std::string("a b"),
                                 std::string("\xE5"), std::string("acs/x")}) {
    CHECK_FALSE(isSecretName(bad, false));
  }
}

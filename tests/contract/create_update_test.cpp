// SPDX-License-Identifier: Apache-2.0
// create, update, changed, contested, absent and terminating.
#include <string>

#include "core/marks.hpp"
#include "target.hpp"

#include <CppUTest/TestHarness.h>

using namespace kms_secretd;
using contract::cluster;
using contract::Fate;
using contract::mapOf;
using contract::metadataOf;
using contract::secretOf;
using contract::Target;
namespace json = boost::json;
namespace marks = core::marks;

TEST_GROUP(ContractCreate){};

TEST(ContractCreate, MakesTheSecretWithItsMarks) {
  Target target;
  target.definition.labels.kept() = {{"app", "payments"}};
  target.definition.annotations.kept() = {{"note", "x"}};
  STRCMP_EQUAL("created (absent)", target.run().c_str());
  STRCMP_EQUAL("password=s3cret user=root", target.data().c_str());
  auto const secret = target.read();
  auto const labels = mapOf(secret, "labels");
  STRCMP_EQUAL("payments", labels.at("app").c_str());
  STRCMP_EQUAL("default", labels.at(marks::instanceLabel).c_str());
  STRCMP_EQUAL("kms-secretd", labels.at(marks::managedByLabel).c_str());
  auto const annotations = mapOf(secret, "annotations");
  LONGS_EQUAL(6, annotations.size());
  STRCMP_EQUAL("password,user", annotations.at(marks::keysAnnotation).c_str());
  STRCMP_EQUAL("kms-secretd/default Apply: password user", target.holders().c_str());
}

TEST(ContractCreate, AValueIsEveryByteOfIt) {
  Target target;
  std::string bytes;
  for (int i = 0; i < 256; ++i) bytes += static_cast<char>(i);
  target.values = {{"bytes", bytes}, {"empty", ""}, {"newline", "a\n"}, {"tls.key", "\xff\xfe"}};
  STRCMP_EQUAL("created (absent)", target.run().c_str());
  auto const data = contract::dataOf(target.read());
  LONGS_EQUAL(4, data.size());
  for (auto const& [key, value] : target.values) CHECK_TEXT(data.at(key) == value, key.c_str());
}

TEST(ContractCreate, WithoutAskingMakesWhatIsAbsent) {
  Target target;
  target.presumed = true;
  STRCMP_EQUAL("created (absent)", target.run().c_str());
  STRCMP_EQUAL("password=s3cret user=root", target.data().c_str());
  STRCMP_EQUAL("kms-secretd/default Apply: password user", target.holders().c_str());
}

TEST(ContractCreate, WithoutAskingLeavesWhatIsThereByteIdentical) {
  for (auto const* const user : {"root", "theirs"}) {  // an equal value, and one to contest
    Target target;
    target.presumed = true;
    cluster().admin().create(target.place(), secretOf({{"user", user}}), "kubectl");
    auto const before = json::serialize(target.read());
    STRCMP_EQUAL("failure changed", target.run().c_str());
    STRCMP_EQUAL(before.c_str(), json::serialize(target.read()).c_str());
  }
}

TEST(ContractCreate, WithoutAskingInAnAbsentNamespaceSaysSo) {
  Target target(false);
  target.presumed = true;
  STRCMP_EQUAL("failure namespace_absent", target.run().c_str());
}

TEST(ContractCreate, WithdrawsFromWhatSomebodyMadeMeanwhile) {
  Target target;
  std::string before;
  auto const end = target.round([&] {
    cluster().admin().create(target.place(), secretOf({{"user", "root"}, {"theirs", "1"}}),
                             "kubectl");
    before = json::serialize(target.read().as_object().at("data"));
  });
  STRCMP_EQUAL("failure foreign", end.text().c_str());
  STRCMP_CONTAINS("kubectl", end.failure().message.c_str());
  auto const secret = target.read();
  STRCMP_EQUAL(before.c_str(), json::serialize(secret.as_object().at("data")).c_str());
  CHECK(mapOf(secret, "labels").empty());
  CHECK(mapOf(secret, "annotations").empty());
  STRCMP_EQUAL("kubectl Update: theirs user", target.holders().c_str());
  STRCMP_EQUAL("refused (foreign)", target.run().c_str());
}

TEST(ContractCreate, B10_TakesItsClaimBackLaterWhereTheAnswerToTheCreateWasLost) {
  for (auto const& fates :
       {std::deque{Fate::answer_lost}, std::deque{Fate::answered, Fate::not_sent}}) {
    Target target;
    target.fates = fates;
    auto const end = target.round([&] {
      cluster().admin().create(target.place(), secretOf({{"user", "root"}, {"theirs", "1"}}),
                               "kubectl");
    });
    STRCMP_EQUAL("failure unavailable", end.text().c_str());
    STRCMP_EQUAL("password=s3cret theirs=1 user=root", target.data().c_str());
    STRCMP_EQUAL("failure foreign", target.run().c_str());
    STRCMP_EQUAL("theirs=1 user=root", target.data().c_str());
    CHECK(mapOf(target.read(), "labels").empty());
    STRCMP_EQUAL("kubectl Update: theirs user", target.holders().c_str());
    STRCMP_EQUAL("refused (foreign)", target.run().c_str());
  }
}

TEST(ContractCreate, KeepsItsOwnSecretWhereTheAnswerToTheCreateWasLost) {
  Target target;
  target.fates = {Fate::answer_lost};
  STRCMP_EQUAL("failure unavailable", target.run().c_str());
  STRCMP_EQUAL("unchanged (not_seen_applied)", target.run().c_str());
  STRCMP_EQUAL("password=s3cret user=root", target.data().c_str());
}

TEST(ContractCreate, OtherValuesMadeMeanwhileAreNotTouched) {
  Target target;
  auto const end = target.round([&] {
    cluster().admin().create(target.place(), secretOf({{"user", "theirs"}}), "kubectl");
  });
  STRCMP_EQUAL("failure foreign", end.text().c_str());
  STRCMP_EQUAL(".data.user", end.failure().conflicts.at(0).field.c_str());
  STRCMP_EQUAL("user=theirs", target.data().c_str());
}

TEST(ContractCreate, DoesNotEmptyItsOwnSecretWhoseFirstAnswerWasLost) {
  Target target;
  auto const end = target.round([&] {
    Target twin(false);
    twin.definition = target.definition;
    STRCMP_EQUAL("created (absent)", twin.run().c_str());
    cluster().admin().merge(
        target.place(),
        {{"metadata", json::object{{"annotations", json::object{{"theirs", "1"}}}}}}, "kubectl");
  });
  STRCMP_EQUAL("updated (absent)", end.text().c_str());
  STRCMP_EQUAL("password=s3cret user=root", target.data().c_str());
  STRCMP_EQUAL("unchanged (in_sync)", target.run().c_str());
}

TEST(ContractCreate, InAnAbsentNamespaceSaysSo) {
  Target target(false);
  STRCMP_EQUAL("failure namespace_absent", target.run().c_str());
}

TEST(ContractCreate, InATerminatingNamespaceSaysSo) {
  Target target;
  json::object held = secretOf({{"a", "1"}});
  held["metadata"] = json::object{{"finalizers", json::array{"example.com/hold"}}};
  cluster().admin().create({target.definition.id.namespaceName, "held"}, held, "kubectl");
  CHECK(cluster().admin().deleteNamespace(target.definition.id.namespaceName).ok());
  STRCMP_EQUAL("failure namespace_absent", target.run().c_str());
}

TEST(ContractCreate, AnInvalidObjectIsInvalidAndMakesNothing) {
  Target target;
  target.definition.type = "kubernetes.io/tls";
  STRCMP_EQUAL("failure invalid", target.run().c_str());
  LONGS_EQUAL(404, cluster().admin().read(target.place()).status);
}

TEST_GROUP(ContractUpdate){};

TEST(ContractUpdate, WritesARotatedValue) {
  Target target;
  (void)target.run();
  target.values["password"] = "new";
  STRCMP_EQUAL("updated (value_changed)", target.run().c_str());
  STRCMP_EQUAL("password=new user=root", target.data().c_str());
}

TEST(ContractUpdate, NothingChangedWritesNothing) {
  Target target;
  (void)target.run();
  auto const version = target.resourceVersion();
  STRCMP_EQUAL("unchanged (in_sync)", target.run().c_str());
  target.restart();
  STRCMP_EQUAL("unchanged (not_seen_applied)", target.run().c_str());
  STRCMP_EQUAL(version.c_str(), target.resourceVersion().c_str());
}

TEST(ContractUpdate, KeepsWhatOthersAdded) {
  Target target;
  (void)target.run();
  cluster().admin().merge(target.place(),
                          {{"metadata", json::object{{"labels", json::object{{"theirs", "1"}}}}},
                           {"data", json::object{{"extra", "MQ=="}}}},
                          "kubectl");
  STRCMP_EQUAL("unchanged (in_sync)", target.run().c_str());
  target.values["user"] = "new";
  STRCMP_EQUAL("updated (value_changed)", target.run().c_str());
  STRCMP_EQUAL("extra=1 password=s3cret user=new", target.data().c_str());
  STRCMP_EQUAL("1", mapOf(target.read(), "labels").at("theirs").c_str());
}

TEST(ContractUpdate, DoesNotOverwriteWhatChangedMeanwhile) {
  Target target;
  (void)target.run();
  target.values["user"] = "new";
  auto const end = target.round([&] {
    cluster().admin().merge(target.place(), {{"data", json::object{{"extra", "MQ=="}}}}, "kubectl");
  });
  STRCMP_EQUAL("failure changed", end.text().c_str());
  STRCMP_EQUAL("extra=1 password=s3cret user=root", target.data().c_str());
  STRCMP_EQUAL("updated (value_changed)", target.run().c_str());
}

TEST(ContractUpdate, DoesNotBringBackWhatWasDeletedMeanwhile) {
  Target target;
  (void)target.run();
  target.values["user"] = "new";
  auto const end = target.round([&] { cluster().admin().remove(target.place()); });
  STRCMP_EQUAL("failure changed", end.text().c_str());
  LONGS_EQUAL(404, cluster().admin().read(target.place()).status);
  STRCMP_EQUAL("created (absent)", target.run().c_str());
}

TEST(ContractUpdate, DoesNotTouchWhatWasMadeAnewMeanwhile) {
  Target target;
  (void)target.run();
  target.values["user"] = "new";
  auto const end = target.round([&] {
    cluster().admin().remove(target.place());
    cluster().admin().create(target.place(), secretOf({{"user", "theirs"}}), "kubectl");
  });
  CHECK(end.text() == "failure changed" || end.text() == "failure contested");
  STRCMP_EQUAL("user=theirs", target.data().c_str());
  STRCMP_EQUAL("refused (foreign)", target.run().c_str());
}

TEST(ContractUpdate, ANewKeyThatOthersHoldIsContestedByName) {
  Target target;
  (void)target.run();
  cluster().admin().merge(target.place(), {{"data", json::object{{"extra", "MQ=="}}}}, "kubectl");
  target.values["extra"] = "ours";
  target.redefine();
  auto const end = target.round();
  STRCMP_EQUAL("failure contested", end.text().c_str());
  STRCMP_EQUAL("kubectl", end.failure().conflicts.at(0).manager.c_str());
  STRCMP_EQUAL(".data.extra", end.failure().conflicts.at(0).field.c_str());
  STRCMP_EQUAL("extra=1 password=s3cret user=root", target.data().c_str());
}

TEST(ContractUpdate, ATerminatingSecretIsLeftAlone) {
  Target target;
  (void)target.run();
  cluster().admin().merge(
      target.place(), {{"metadata", json::object{{"finalizers", json::array{"example.com/hold"}}}}},
      "kubectl");
  CHECK(cluster().admin().remove(target.place()).ok());
  target.values["user"] = "new";
  STRCMP_EQUAL("refused (terminating)", target.run().c_str());
  STRCMP_EQUAL("password=s3cret user=root", target.data().c_str());
  cluster().admin().merge(target.place(), {{"metadata", json::object{{"finalizers", nullptr}}}},
                          "kubectl");
  STRCMP_EQUAL("created (absent)", target.run().c_str());
}

TEST(ContractUpdate, AnotherInstanceIsForeign) {
  Target target;
  (void)target.run();
  target.instance = "blue";
  target.restart();
  target.definition.adopt = core::AdoptPolicy::force;
  STRCMP_EQUAL("refused (other_instance)", target.run().c_str());
}

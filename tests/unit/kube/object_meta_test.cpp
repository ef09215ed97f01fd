// SPDX-License-Identifier: Apache-2.0
#include "kube/object_meta.hpp"

#include <string>

#include "kube/json_read.hpp"
#include "real_replies.hpp"

#include <CppUTest/TestHarness.h>

using namespace kms_secretd::kube;
using namespace kms_secretd::kube::test;

TEST_GROUP(ObjectMeta){};

TEST(ObjectMeta, ReadsWhatARealServerSays) {
  auto const observed = parseObjectMetadata(metadataReply);
  CHECK(observed->exists);
  CHECK_FALSE(observed->terminating);
  STRCMP_EQUAL("95a9dc72-9121-4855-8fc7-a74a241b6503", observed->uid.c_str());
  STRCMP_EQUAL("203", observed->resourceVersion.c_str());
  STRCMP_EQUAL("default", observed->labels.at("kms-secretd.io/instance").c_str());
  STRCMP_EQUAL("a,b", observed->annotations.at("kms-secretd.io/keys").c_str());
  CHECK_FALSE(observed->type.has_value());
  CHECK_FALSE(observed->dataCount.has_value());
  auto const* ours = observed->appliedBy("kms-secretd/default");
  CHECK(ours != nullptr);
  CHECK((ours->dataKeys == std::vector<std::string>{"a", "b"}));
}

TEST(ObjectMeta, ReadsTypeAndCountFromATable) {
  auto const observed = parseTable(tableReply);
  STRCMP_EQUAL("Opaque", observed->type->c_str());
  CHECK_EQUAL(2U, *observed->dataCount);
  STRCMP_EQUAL("203", observed->resourceVersion.c_str());
  CHECK(observed->appliedBy("kms-secretd/default") != nullptr);
}

TEST(ObjectMeta, SeesAnObjectThatIsGoing) {
  auto const observed = parseObjectMetadata(
      R"({"kind":"PartialObjectMetadata","apiVersion":"meta.k8s.io/v1","metadata":{"uid":"u","resourceVersion":"1","deletionTimestamp":"2026-11-24T01:34:13Z"}})");
  CHECK(observed->terminating);
}

TEST(ObjectMeta, LeavesOutTheManifestThatKubectlKeeps) {
  auto const observed = parseObjectMetadata(
      R"({"kind":"PartialObjectMetadata","apiVersion":"meta.k8s.io/v1","metadata":{"uid":"u","resourceVersion":"1","annotations":{"kubectl.kubernetes.io/last-applied-configuration":"{\"data\":{\"a\":\"Y2FuYXJ5\"}}","note":"n"}}})");
  CHECK((observed->annotations == std::map<std::string, std::string>{{"note", "n"}}));
}

TEST(ObjectMeta, RefusesAFullSecret) {
  CHECK_FALSE(
      parseObjectMetadata(
          R"({"kind":"Secret","apiVersion":"v1","metadata":{"uid":"u","resourceVersion":"1"},"data":{"a":"QQ=="}})")
          .has_value());
  CHECK_FALSE(
      parseTable(
          R"({"kind":"Table","rows":[{"cells":[],"object":{"kind":"Secret","apiVersion":"v1","metadata":{"uid":"u","resourceVersion":"1"}}}]})")
          .has_value());
}

TEST(ObjectMeta, RefusesObjectsWithoutIdentity) {
  for (auto const* metadata : {R"({})", R"({"uid":"u"})", R"({"resourceVersion":"1"})",
                               R"({"uid":1,"resourceVersion":2})", R"([])", R"(null)"}) {
    CHECK_FALSE(
        parseObjectMetadata(
            std::string(
                R"({"kind":"PartialObjectMetadata","apiVersion":"meta.k8s.io/v1","metadata":)") +
            metadata + "}")
            .has_value());
  }
}

TEST(ObjectMeta, LeavesUnknownWhatATableDoesNotTell) {
  auto const row =
      R"("object":{"kind":"PartialObjectMetadata","apiVersion":"meta.k8s.io/v1","metadata":{"uid":"u","resourceVersion":"1"}}})";
  for (
      auto const* rest :
      {R"({"kind":"Table","rows":[{)",
       R"({"kind":"Table","columnDefinitions":[],"rows":[{"cells":["db","Opaque",2],)",
       R"({"kind":"Table","columnDefinitions":[{"name":"Type"},{"name":"Data"}],"rows":[{"cells":[7,"many"],)",
       R"({"kind":"Table","columnDefinitions":[{"name":"Data"}],"rows":[{"cells":[-1],)",
       R"({"kind":"Table","columnDefinitions":[{"name":"Data"}],"rows":[{"cells":[99999999999],)",
       R"({"kind":"Table","columnDefinitions":[1,{"name":"Type"}],"rows":[{"cells":[1],)"}) {
    auto const observed = parseTable(std::string(rest) + row + "]}");
    CHECK_TEXT(observed.has_value(), rest);
    CHECK_FALSE(observed->type.has_value());
    CHECK_FALSE(observed->dataCount.has_value());
  }
  auto const text = parseTable(
      std::string(
          R"({"kind":"Table","columnDefinitions":[{"name":"Data"}],"rows":[{"cells":["12"],)") +
      row + "]}");
  CHECK_EQUAL(12U, *text->dataCount);
}

TEST(ObjectMeta, RefusesTablesOfNoRowAndOfSeveral) {
  CHECK_FALSE(parseTable(R"({"kind":"Table","rows":[]})").has_value());
  CHECK_FALSE(parseTable(R"({"kind":"Table","rows":[{},{}]})").has_value());
  CHECK_FALSE(parseTable(R"({"kind":"Table"})").has_value());
}

TEST(ObjectMeta, RefusesRepliesCutAtEveryByte) {
  for (std::size_t size = 0; size < metadataReply.size(); ++size) {
    CHECK_FALSE(parseObjectMetadata(metadataReply.substr(0, size)).has_value());
  }
  for (std::size_t size = 0; size < tableReply.size(); ++size) {
    CHECK_FALSE(parseTable(tableReply.substr(0, size)).has_value());
  }
}

TEST(ObjectMeta, SurvivesEveryByteBeingWrong) {
  std::string text(tableReply);
  std::size_t read = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    char const was = text[at];
    for (char const other : {'\0', '"', '{', '7', '\xFF'}) {
      text[at] = other;
      if (parseTable(text)) ++read;
    }
    text[at] = was;
  }
  CHECK(read > 0);  // a changed letter inside of a text stays readable
}

TEST(ObjectMeta, RefusesDeepAndGiantDocuments) {
  CHECK_FALSE(parseObjectMetadata(std::string(1'000'000, '[')).has_value());
  std::string deep = R"({"kind":"PartialObjectMetadata","apiVersion":"meta.k8s.io/v1","x":)";
  for (int i = 0; i < 100; ++i) deep += "{\"a\":";
  CHECK_FALSE(parseObjectMetadata(deep + "1" + std::string(101, '}')).has_value());
  std::string giant =
      R"({"kind":"PartialObjectMetadata","apiVersion":"meta.k8s.io/v1","metadata":{"uid":"u","resourceVersion":"1","annotations":{"a":")";
  giant += std::string(1'500'000, 'x') + "\"}}}";
  CHECK_EQUAL(1'500'000U, parseObjectMetadata(giant)->annotations.at("a").size());
}

TEST(ObjectMeta, IgnoresMembersThatItDoesNotKnow) {
  auto const observed = parseObjectMetadata(
      R"({"kind":"PartialObjectMetadata","apiVersion":"meta.k8s.io/v1","new":[{}],"metadata":{"uid":"u","resourceVersion":"1","selfLink":"/x","ownerReferences":[{"a":1}],"labels":{"a":"b","c":7},"managedFields":[1,{"fieldsV1":[]}]}})");
  CHECK_EQUAL(1U, observed->labels.size());
  CHECK(observed->managed.empty());
}

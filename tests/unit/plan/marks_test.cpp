// SPDX-License-Identifier: Apache-2.0
#include "core/marks.hpp"

#include <string>

#include <CppUTest/TestHarness.h>

using namespace kms_secretd;
namespace marks = core::marks;

TEST_GROUP(Marks) {
  core::TargetDefinition definition;
  core::Rendered rendered;
  void setup() override {
    definition.hash = "abc";
    definition.data = {{{"shared", "prod/db", "", ""}, "user", {}},
                       {{"shared", "prod/pin", "", "v7"}, "pin", {}}};
    rendered.keys.push_back({"pin", sdk::SecretBytes("s3cret")});
    rendered.keys.push_back({"user", sdk::SecretBytes("root")});
    rendered.versions = {{{"shared", "prod/pin", "", "v7"}, "v7"},
                         {{"shared", "prod/db", "", ""}, "v1"}};
  }
};

TEST(Marks, SayWhereTheKeysComeFrom) {
  auto const annotations = marks::annotations(definition, rendered);
  STRCMP_EQUAL("shared", annotations.at("kms-secretd.io/store").c_str());
  STRCMP_EQUAL("prod/db#v1 prod/pin#v7", annotations.at("kms-secretd.io/sources").c_str());
  STRCMP_EQUAL("pin,user", annotations.at("kms-secretd.io/keys").c_str());
  STRCMP_EQUAL("abc", annotations.at("kms-secretd.io/definition").c_str());
  STRCMP_EQUAL("keep", annotations.at("kms-secretd.io/on-delete").c_str());
  LONGS_EQUAL(5, annotations.size());
}

TEST(Marks, B11_HoldNoValueNoTimeAndNoFileName) {
  definition.origin = {"/etc/kms-secretd/x.toml", 3, 1};
  for (auto const& [name, text] : marks::annotations(definition, rendered)) {
    CHECK(text.find("s3cret") == std::string::npos);
    CHECK(text.find("root") == std::string::npos);
    CHECK(text.find(".toml") == std::string::npos);
  }
  CHECK(marks::annotations(definition, rendered) == marks::annotations(definition, rendered));
}

TEST(Marks, NameTheStoreOfEachSourceWhereThereAreSeveral) {
  definition.data.push_back({{"eu", "prod/db", "", ""}, "eu", {}});
  rendered.versions.push_back({{"eu", "prod/db", "", ""}, ""});
  auto const annotations = marks::annotations(definition, rendered);
  STRCMP_EQUAL("eu,shared", annotations.at("kms-secretd.io/store").c_str());
  STRCMP_EQUAL("eu/prod/db shared/prod/db#v1 shared/prod/pin#v7",
               annotations.at("kms-secretd.io/sources").c_str());
}

TEST(Marks, WinOverTheUsersOwnOfTheSameName) {
  definition.labels.kept()[marks::instanceLabel] = "forged";
  definition.annotations.kept()[marks::keysAnnotation] = "forged";
  STRCMP_EQUAL("blue", marks::labels(definition, "blue").at(marks::instanceLabel).c_str());
  STRCMP_EQUAL("pin,user",
               marks::annotations(definition, rendered).at(marks::keysAnnotation).c_str());
}

TEST(Marks, AMergeClaimsNothing) {
  definition.creation = core::CreationPolicy::merge;
  CHECK(marks::labels(definition, "blue").empty());
}

TEST(Marks, KeysSurviveTheAnnotation) {
  CHECK((marks::splitKeys(marks::joinKeys({"b", "a", "c"})) ==
         std::vector<std::string>{"a", "b", "c"}));
  CHECK(marks::splitKeys("").empty());
  CHECK(marks::splitKeys(",,,").empty());
}

TEST(Marks, NamesOfAnnotationsDoNotHangOnWhatWasRendered) {
  definition.annotations.kept()["note"] = "x";
  auto const names = marks::annotationNames(definition);
  LONGS_EQUAL(6, names.size());
  STRCMP_EQUAL("note", names.back().c_str());
}

TEST(Marks, TheCheckNameIsOneThatTheServerTakes) {
  STRCMP_EQUAL("db-kms-secretd-check", marks::checkName("db").c_str());
  auto const dotted = std::string(234, 'a') + "." + std::string(18, 'b');
  STRCMP_EQUAL((std::string(234, 'a') + "-kms-secretd-check").c_str(),
               marks::checkName(dotted).c_str());
  LONGS_EQUAL(253, marks::checkName(std::string(253, 'a')).size());
}

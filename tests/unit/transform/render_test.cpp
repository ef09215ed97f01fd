// SPDX-License-Identifier: Apache-2.0
#include "transform/render.hpp"

#include <memory>
#include <string>

#include <CppUTest/TestHarness.h>

namespace core = kms_secretd::core;
namespace sdk = kms_secretd::sdk;
namespace transform = kms_secretd::transform;

TEST_GROUP(Render) {
  core::TargetDefinition definition;
  core::Fetched fetched;

  void entry(std::string key, std::string name) {
    definition.data.push_back({.source = {.store = "s", .name = std::move(name)},
                               .key = std::move(key),
                               .origin = {.file = "f.toml", .line = 7, .column = 1}});
  }
  void source(std::string name, std::string_view value, std::string version = "v1",
              std::string_view extendedConfig = {}) {
    sdk::FetchedSecret secret;
    secret.value = sdk::SecretBytes(value);
    secret.extendedConfig = sdk::SecretBytes(extendedConfig);
    secret.versionId = std::move(version);
    fetched.sources.push_back(
        {.source = {.store = "s", .name = std::move(name)},
         .secret = std::make_shared<sdk::FetchedSecret const>(std::move(secret))});
  }
};

TEST(Render, B7_KeepsEveryByteOfAValue) {
  std::string_view const bytes("{\"port\": 3306, \"v\": 1.10}\0\xff\r\n", 29);
  entry("config", "a");
  source("a", bytes);
  auto const result = transform::render(definition, fetched);
  CHECK_TRUE(std::get<core::Rendered>(result).keys.front().value.reveal() == bytes);
}

TEST(Render, PutsSeveralSourcesIntoOneSecretInTheOrderOfTheirKeys) {
  entry("zeta", "a");
  entry("alpha", "b");
  source("a", "1");
  source("b", "2");
  auto const result = transform::render(definition, fetched);
  auto const& keys = std::get<core::Rendered>(result).keys;
  CHECK_EQUAL(std::string("alpha"), keys.at(0).key);
  CHECK_TRUE(keys.at(0).value.reveal() == "2");
  CHECK_EQUAL(std::string("zeta"), keys.at(1).key);
}

TEST(Render, AllowsOneSourceUnderTwoKeys) {
  entry("one", "a");
  entry("two", "a");
  source("a", "1");
  auto const result = transform::render(definition, fetched);
  CHECK_EQUAL(2U, std::get<core::Rendered>(result).keys.size());
}

TEST(Render, B4_RefusesTwoValuesForOneKeyAndNamesBothPlaces) {
  entry("same", "a");
  entry("same", "b");
  source("a", "1");
  source("b", "2");
  auto const result = transform::render(definition, fetched);
  auto const& message = std::get<core::RenderFailure>(result).message;
  CHECK_TRUE(message.find("'same'") != std::string::npos);
  CHECK_TRUE(message.find("f.toml:7:1 from s/a and f.toml:7:1 from s/b") != std::string::npos);
}

TEST(Render, B1_MakesNothingWhereAReadIsMissing) {
  entry("one", "a");
  CHECK_TRUE(std::holds_alternative<core::RenderFailure>(transform::render(definition, fetched)));
}

TEST(Render, RemembersWhichVersionsWentIn) {
  entry("one", "a");
  source("a", "1", "v42");
  auto const result = transform::render(definition, fetched);
  CHECK_EQUAL(std::string("v42"), std::get<core::Rendered>(result).versions.front().versionId);
}

TEST(Render, KeepsAnEmptyValueAsAKey) {
  entry("one", "a");
  source("a", "");
  auto const result = transform::render(definition, fetched);
  CHECK_TRUE(std::get<core::Rendered>(result).keys.front().value.empty());
}

TEST(Render, B3_APatternThatIsNoneMakesNoSecretAtAll) {
  source("a", R"({"x": 1})");
  definition.extractions = {{.source = {.store = "s", .name = "a"}, .rules = {{"(", ""}}}};
  CHECK_TRUE(std::holds_alternative<core::RenderFailure>(transform::render(definition, fetched)));
}

TEST(Render, B4_TwoMembersOfOneNameMakeNoSecretInAnyRound) {
  source("a", R"({"db_a": 1, "db_b": 2, "other": 3})");
  definition.extractions = {{.source = {.store = "s", .name = "a"}, .rules = {{"^db_.$", "db"}}}};
  auto const first = transform::render(definition, fetched);
  auto const& message = std::get<core::RenderFailure>(first).message;
  STRCMP_CONTAINS("member 1 of s/a and ", message.c_str());
  STRCMP_CONTAINS("member 2 of s/a", message.c_str());
  auto const second = transform::render(definition, fetched);
  CHECK_EQUAL(message, std::get<core::RenderFailure>(second).message);
}

TEST(Render, B5_APathThatMissesNeverDropsItsKeyNorWritesTheRawText) {
  entry("", "a");
  definition.data[0].paths = {{.path = "x", .key = "x"}, {.path = "y", .key = "y"}};
  for (auto const* text : {R"({"x": 1})", "{}", "CANARY", "{\"x\": ", "[]", ""}) {
    fetched.sources.clear();
    source("a", text);
    auto const result = transform::render(definition, fetched);
    auto const* failure = std::get_if<core::RenderFailure>(&result);
    CHECK_TRUE_TEXT(failure != nullptr, text);
    CHECK_TRUE(failure->message.find("CANARY") == std::string::npos);
  }
}

TEST(Render, B8_NoMemberIsDroppedAndNoNumberIsFormatted) {
  source("a", "f: 1e7\ndate: 2026-11-27\nmap: {1: x}\n");
  definition.extractions = {{.source = {.store = "s", .name = "a"}}};
  auto const result = transform::render(definition, fetched);
  auto const& keys = std::get<core::Rendered>(result).keys;
  CHECK_EQUAL(3U, keys.size());
  CHECK_TRUE(keys[0].value.reveal() == "2026-11-27");
  CHECK_TRUE(keys[1].value.reveal() == "1e7");
  CHECK_TRUE(keys[2].value.reveal() == R"({"1":"x"})");
}

TEST(Render, AnExtendedConfigurationIsUsedAsAValueIs) {
  source("rds", R"({"AccountName": "app"})", "v1", R"({"DBInstanceId": "rm-1", "CustomData": {}})");
  entry("user", "rds");
  definition.data.back().paths = {{.path = "AccountName", .key = "user"}};
  entry("instance", "rds");
  definition.data.back().extendedConfig = true;
  definition.data.back().paths = {{.path = "DBInstanceId", .key = "instance"}};
  entry("whole", "rds");
  definition.data.back().extendedConfig = true;
  definition.extractions.push_back(
      {.source = {.store = "s", .name = "rds"}, .include = {"CustomData"}, .extendedConfig = true});
  auto const result = transform::render(definition, fetched);
  std::string text;
  for (auto const& [key, value] : std::get<core::Rendered>(result).keys) {
    text.append(key).append("=").append(value.reveal()).append(";");
  }
  STRCMP_EQUAL(
      "CustomData={};instance=rm-1;user=app;whole={\"DBInstanceId\": \"rm-1\", "
      "\"CustomData\": {}};",
      text.c_str());
}

TEST(Render, ASecretWithoutAnExtendedConfigurationFailsTheRound) {
  source("generic", "{}");
  entry("a", "generic");
  definition.data.back().extendedConfig = true;
  auto const plain = transform::render(definition, fetched);
  STRCMP_EQUAL(
      "key 'a': the store gave no extended configuration with it; only managed secrets of KMS have "
      "one: remove extended_config (f.toml:7:1 from the extended configuration of s/generic)",
      std::get<core::RenderFailure>(plain).message.c_str());
  definition.data.clear();
  definition.extractions.push_back(
      {.source = {.store = "s", .name = "generic"}, .extendedConfig = true});
  auto const extracted = transform::render(definition, fetched);
  CHECK_TRUE(std::get<core::RenderFailure>(extracted).message.starts_with(
      "the store gave no extended configuration"));
}

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
  void source(std::string name, std::string_view value, std::string version = "v1") {
    sdk::FetchedSecret secret;
    secret.value = sdk::SecretBytes(value);
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
  CHECK_TRUE(message.find("f.toml:7:1 and f.toml:7:1") != std::string::npos);
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

// SPDX-License-Identifier: Apache-2.0
#include "app/render_command.hpp"

#include <string>
#include <vector>

#include <CppUTest/TestHarness.h>

namespace app = kms_secretd::app;
namespace core = kms_secretd::core;
namespace sdk = kms_secretd::sdk;

namespace {

core::SourceRef source(std::string name, std::string stage = {}) {
  return {.store = "s", .name = std::move(name), .versionStage = std::move(stage)};
}

}  // namespace

TEST_GROUP(RenderCommand){};

TEST(RenderCommand, TakesTheBytesOfTheOnlySourceAsTheyAre) {
  auto const values = app::valuesFrom("{\"a\": 1}\n", {source("a")});
  auto const& fetched = std::get<core::Fetched>(values);
  CHECK_TRUE(fetched.find(source("a"))->value.reveal() == "{\"a\": 1}\n");
}

TEST(RenderCommand, TakesSeveralValuesFromAJsonObject) {
  auto const values = app::valuesFrom(R"({"s/a": "x\u0000", "s/a@ACSPrevious": "y"})",
                                      {source("a"), source("a", "ACSPrevious")});
  auto const& fetched = std::get<core::Fetched>(values);
  CHECK_EQUAL(2U, fetched.find(source("a"))->value.size());
  CHECK_TRUE(fetched.find(source("a", "ACSPrevious"))->value.reveal() == "y");
}

TEST(RenderCommand, TakesAnExtendedConfigurationBesideTheValue) {
  auto const values =
      app::valuesFrom(R"({"s/a": "x", "s/a extended_config": "{}"})", {source("a")}, {source("a")});
  auto const* secret = std::get<core::Fetched>(values).find(source("a"));
  CHECK_TRUE(secret->value.reveal() == "x");
  CHECK_TRUE(secret->extendedConfig.reveal() == "{}");
  auto const without = app::valuesFrom(R"({"s/a": "x"})", {source("a")}, {source("a")});
  STRCMP_CONTAINS("no string \"s/a extended_config\"", std::get<std::string>(without).c_str());
}

TEST(RenderCommand, SaysWhichValueIsMissingAndNeverWhatWasGiven) {
  std::vector<core::SourceRef> const sources{source("a"), source("b")};
  for (auto const* input :
       {"CANARY", "[\"CANARY\"]", R"({"s/a": "CANARY"})", R"({"s/a": "CANARY", "s/b": 1})", ""}) {
    auto const values = app::valuesFrom(input, sources);
    auto const& why = std::get<std::string>(values);
    STRCMP_CONTAINS("s/b", why.c_str());
    CHECK_TRUE(why.find("CANARY") == std::string::npos);
  }
}

TEST(RenderCommand, ListsKeysAndLengthsAndValuesOnlyIfTold) {
  core::Rendered rendered;
  rendered.keys.push_back({"a", sdk::SecretBytes("x")});
  rendered.keys.push_back({"b", sdk::SecretBytes("secret")});
  CHECK_EQUAL(std::string("a\t1 byte\nb\t6 bytes\n"), app::listing(rendered, false));
  CHECK_EQUAL(std::string("a\t1 byte\nx\nb\t6 bytes\nsecret\n"), app::listing(rendered, true));
  rendered.keys.push_back({"c", sdk::SecretBytes("\x1b[2J\n")});
  STRCMP_CONTAINS("c\t5 bytes\n\\x1b[2J\n", app::listing(rendered, true).c_str());
}

// SPDX-License-Identifier: Apache-2.0
// The declared options of a backend: every type, with and without defaults.
#include <string>
#include <vector>

#include "config/complete.hpp"
#include "config/declarations.hpp"

#include "table_catalog.hpp"

#include <CppUTest/TestHarness.h>

using namespace kms_secretd;
using namespace std::chrono_literals;
using Kind = sdk::SecretRef::Kind;

namespace {

sdk::Options optionsWith(std::string const& lines) {
  auto const config = config_test::loadGood(
      "[kubernetes]\nkubeconfig = \"/k\"\n[store.x]\nbackend = \"every\"\n" + lines);
  return config.stores.at("x").options;
}

void everyDefaultIsAValue(config::Declarations declarations) {
  for (auto const& option : declarations) {
    CHECK_EQUAL_TEXT(option.defaultText != nullptr, config::defaultOf(option).has_value(),
                     option.name);
    CHECK_TRUE_TEXT(option.help != nullptr && *option.help != '\0', option.name);
    CHECK_FALSE_TEXT(option.required && option.defaultText != nullptr, option.name);
    everyDefaultIsAValue(config::membersOf(option));
  }
}

}  // namespace

TEST_GROUP(DeclaredOptions){};

TEST(DeclaredOptions, EveryTypeHasItsDefault) {
  auto const options = optionsWith("");
  STRCMP_EQUAL("some text", options.text("text").c_str());
  CHECK_TRUE(options.boolean("flag"));
  LONGS_EQUAL(-7, options.integer("number"));
  CHECK_TRUE(options.duration("wait") == 90s);
  LONGS_EQUAL(2 << 20, options.integer("room"));
  STRCMP_EQUAL("sts", options.text("kind").c_str());
  CHECK_TRUE(options.list("words") == (std::vector<std::string>{"a", "b c"}));
  CHECK_FALSE(options.has("key"));
}

TEST(DeclaredOptions, ATableOfDefaultsIsThereThoughNobodyWroteIt) {
  auto const limits = optionsWith("").table("limits");
  LONGS_EQUAL(64 << 10, limits.integer("bytes"));
  LONGS_EQUAL(3, limits.integer("retries"));
}

TEST(DeclaredOptions, ATableThatNeedsSomethingIsAbsentUnlessWritten) {
  CHECK_FALSE(optionsWith("").has("login"));
  CHECK_FALSE(optionsWith("").has("peer"));
}

TEST(DeclaredOptions, EveryTypeIsReadAsWritten) {
  auto const options = optionsWith(R"(text = ""
flag = false
number = -9223372036854775808
wait = "0s"
room = 17
kind = "access_key"
words = []
key = { inline = "s3cret" }
limits = { retries = 5 }
peer = [ { host = "a" }, { host = "b", weight = 2 } ]
)");
  CHECK_TRUE(options.has("text"));
  STRCMP_EQUAL("", options.text("text").c_str());
  CHECK_FALSE(options.boolean("flag"));
  CHECK_TRUE(options.integer("number") == INT64_MIN);
  CHECK_TRUE(options.duration("wait") == 0ms);
  LONGS_EQUAL(17, options.integer("room"));
  CHECK_TRUE(options.list("words").empty());
  CHECK_TRUE(options.secret("key") == (sdk::SecretRef{Kind::inline_text, "s3cret"}));
  LONGS_EQUAL(64 << 10, options.table("limits").integer("bytes"));
  LONGS_EQUAL(5, options.table("limits").integer("retries"));
  LONGS_EQUAL(1, options.tables("peer").at(0).integer("weight"));
  LONGS_EQUAL(2, options.tables("peer").at(1).integer("weight"));
}

TEST(DeclaredOptions, ASecretComesFromAnyOfFourPlaces) {
  CHECK_TRUE(optionsWith("key = { file = \"/a b\" }").secret("key").kind == Kind::file);
  CHECK_TRUE(optionsWith("key = { credential = \"a.b\" }").secret("key").kind == Kind::credential);
  CHECK_TRUE(optionsWith("key = { env = \"_A1\" }").secret("key").kind == Kind::environment);
  CHECK_TRUE(optionsWith("key.inline = \"a\"").secret("key").kind == Kind::inline_text);
}

TEST(DeclaredOptions, OurOwnDeclarationsAreSound) {
  everyDefaultIsAValue(config::settingsOptions());
  everyDefaultIsAValue(config::storeOptions());
  everyDefaultIsAValue(config::defaultsOptions());
  everyDefaultIsAValue(config::secretOptions());
  everyDefaultIsAValue(config_test::everyOption());
}

TEST(DeclaredOptions, WhateverASecretMayLeaveOutItsDefaultsMayHold) {
  for (auto const& option : config::secretOptions()) {
    bool const keys = option.type == sdk::OptionType::table_list;
    // An approval is for one change of one Secret.
    bool const single = std::string(option.name) == "approve";
    if (option.required || keys || single) continue;
    CHECK_TRUE_TEXT(config::findDeclaration(config::defaultsOptions(), option.name) != nullptr,
                    option.name);
  }
}

TEST(DeclaredOptions, NoSecretTextIsEverShown) {
  for (auto const* line : {"key = \"CANARY\"", "key = { file = \"CANARY\" }",
                           "key = { env = \"CANARY-1\" }", "key = { credential = \"CANARY/1\" }",
                           "key = [\"CANARY\"]", "key = { inline = \"CANARY\", file = \"CANARY\" }",
                           "key = { inline = CANARY }", "key = { inline = \"CANARY }"}) {
    auto const result = config_test::loadAll(
        {std::string("[kubernetes]\nkubeconfig = \"/k\"\n[store.x]\nbackend = \"every\"\n") +
         line});
    CHECK_FALSE_TEXT(result.problems.empty(), line);
    for (auto const& problem : config_test::linesOf(result.problems)) {
      CHECK_TRUE_TEXT(problem.find("CANARY") == std::string::npos, problem.c_str());
    }
  }
}

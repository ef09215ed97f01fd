// SPDX-License-Identifier: Apache-2.0
#include "app/arguments.hpp"

#include <string>
#include <vector>

#include <CppUTest/TestHarness.h>

namespace app = kms_secretd::app;

TEST_GROUP(Arguments){
    app::Arguments parse(std::vector<std::string> words){words.insert(words.begin(), "kms-secretd");
std::vector<char*> argv;
for (auto& word : words) argv.push_back(word.data());
argv.push_back(nullptr);
return app::parseArguments(static_cast<int>(words.size()), argv.data());
}
std::string errorOf(std::vector<std::string> words) {
  try {
    (void)parse(std::move(words));
  } catch (app::UsageError const& error) {
    return error.what();
  }
  return "no error";
}
}
;

TEST(Arguments, RunWithTheInstalledConfigurationUnlessToldOtherwise) {
  auto const arguments = parse({});
  CHECK_TRUE(arguments.mode == app::Mode::run);
  CHECK_EQUAL(std::string("/etc/kms-secretd/kms-secretd.toml"), arguments.config);
  CHECK_FALSE(arguments.pluginDir.has_value());
}

TEST(Arguments, TakeValuesWithAndWithoutAnEqualsSign) {
  CHECK_EQUAL(std::string("a.toml"), parse({"--config", "a.toml"}).config);
  CHECK_EQUAL(std::string("b.toml"), parse({"--config=b.toml"}).config);
  CHECK_EQUAL(std::string("/p"), *parse({"--plugin-dir", "/p"}).pluginDir);
}

TEST(Arguments, ReadAModeTogetherWithOtherFlags) {
  auto const arguments = parse({"--once", "--foreground"});
  CHECK_TRUE(arguments.mode == app::Mode::once);
  CHECK_TRUE(arguments.foreground);
}

TEST(Arguments, TakeADefinitionToRender) {
  auto const arguments = parse({"--render", "payments/db", "--show-values"});
  CHECK_TRUE(arguments.mode == app::Mode::render);
  CHECK_EQUAL(std::string("payments/db"), arguments.definition);
  CHECK_TRUE(arguments.showValues);
  CHECK_FALSE(parse({"--render=a/b"}).showValues);
  CHECK_EQUAL(std::string("--show-values belongs to --render"), errorOf({"--show-values"}));
}

TEST(Arguments, GoOnlineOnlyToCheckAConfiguration) {
  CHECK_TRUE(parse({"--check-config", "--online"}).online);
  CHECK_FALSE(parse({"--check-config"}).online);
  CHECK_EQUAL(std::string("--online belongs to --check-config; see --help"),
              errorOf({"--once", "--online"}));
}

TEST(Arguments, RefuseTwoModes) {
  CHECK_TRUE(errorOf({"--once", "--check-config"}).find("exclude each other") != std::string::npos);
}

TEST(Arguments, RefuseWhatTheyDoNotKnowAndSayWhereToLook) {
  CHECK_EQUAL(std::string("unknown flag --frobnicate; see --help"), errorOf({"--frobnicate"}));
  CHECK_EQUAL(std::string("'file.toml' is not a flag; see --help"), errorOf({"file.toml"}));
  CHECK_EQUAL(std::string("--config needs a value; see --help"), errorOf({"--config"}));
}

TEST(Arguments, PlanSomeSecretsOrAllOfThem) {
  auto const arguments = parse({"--plan", "--target", "a/b", "--target=c/d"});
  CHECK_TRUE(arguments.mode == app::Mode::plan);
  CHECK_EQUAL(2U, arguments.targets.size());
  CHECK_EQUAL(std::string("c/d"), arguments.targets.back());
  CHECK_TRUE(parse({"--plan"}).targets.empty());
  CHECK_TRUE(parse({"--doctor"}).mode == app::Mode::doctor);
  CHECK_EQUAL(std::string("--target belongs to --plan"), errorOf({"--target", "a/b"}));
}

// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <string>
#include <utility>
#include <vector>

#include "backends/default_text.hpp"
#include "backends/option_table_check.hpp"
#include "bad_plugins/probe_options.hpp"
#include "config/complete.hpp"

#include <CppUTest/TestHarness.h>

using namespace kms_secretd;  // NOLINT(google-build-using-namespace)
using sdk::OptionDeclaration;
using sdk::OptionType;

namespace {

constexpr char const* choices[] = {"slow", "fast", nullptr};
constexpr char const* noChoices[] = {nullptr};
constexpr char const* sameChoices[] = {"slow", "slow", nullptr};
constexpr OptionDeclaration leaf{
    "leaf", OptionType::string, false, nullptr, "A leaf.", nullptr, nullptr, 0};

OptionDeclaration option(OptionType type, char const* defaultText = nullptr) {
  auto const isEnumeration = type == OptionType::enumeration;
  auto const isTable = type == OptionType::table || type == OptionType::table_list;
  return {"some_option",
          type,
          false,
          defaultText,
          "Help.",
          isEnumeration ? choices : nullptr,
          isTable ? &leaf : nullptr,
          isTable ? 1U : 0U};
}

}  // namespace

TEST_GROUP(OptionTableCheck){std::string verdict(std::vector<OptionDeclaration> const& options){
    auto const check = backends::checkOptions({options.data(), options.size()});
return check ? check->found : "passed";
}
}
;

TEST(OptionTableCheck, PassesEveryTypeAndNoOptionsAtAll) {
  CHECK_FALSE(backends::checkOptions({nullptr, 0}).has_value());
  CHECK_FALSE(
      backends::checkOptions({bad_plugins::probeOptions, std::size(bad_plugins::probeOptions)})
          .has_value());
  for (int type = 0; type <= static_cast<int>(OptionType::table_list); ++type) {
    STRCMP_EQUAL("passed", verdict({option(static_cast<OptionType>(type))}).c_str());
  }
}

TEST(OptionTableCheck, RefusesNamesThatAreNoKeys) {
  for (auto const* name : {"", "Upper", "9lives", "_x", "a-b", "a.b", "a b", "\xC3\xBC"}) {
    auto bad = option(OptionType::string);
    bad.name = name;
    STRCMP_CONTAINS("an option named \"", verdict({bad}).c_str());
  }
  auto bad = option(OptionType::string);
  std::string const lengthy(65, 'a');
  bad.name = lengthy.c_str();
  STRCMP_CONTAINS("an option named \"", verdict({bad}).c_str());
  bad.name = nullptr;
  STRCMP_EQUAL("an option without a name in \"\"", verdict({bad}).c_str());
}

TEST(OptionTableCheck, RefusesAnOptionWithoutHelp) {
  auto bad = option(OptionType::string);
  bad.help = nullptr;
  STRCMP_EQUAL("option \"some_option\" without a line of help", verdict({bad}).c_str());
  bad.help = "two\nlines";
  STRCMP_EQUAL("option \"some_option\" without a line of help", verdict({bad}).c_str());
}

TEST(OptionTableCheck, RefusesChoicesWhereTheyDoNotBelongOrSayNothing) {
  auto bad = option(OptionType::string);
  bad.choices = choices;
  STRCMP_EQUAL("option \"some_option\" with choices", verdict({bad}).c_str());
  bad = option(OptionType::enumeration);
  bad.choices = noChoices;
  STRCMP_EQUAL("enumeration option \"some_option\" without choices", verdict({bad}).c_str());
  bad.choices = sameChoices;
  STRCMP_CONTAINS("too many, too long or the same", verdict({bad}).c_str());
}

TEST(OptionTableCheck, RefusesMembersWhereTheyDoNotBelongOrAreMissing) {
  auto bad = option(OptionType::list);
  bad.members = &leaf;
  STRCMP_EQUAL("option \"some_option\" with members", verdict({bad}).c_str());
  bad = option(OptionType::integer);
  bad.memberCount = 1;
  STRCMP_EQUAL("option \"some_option\" with members", verdict({bad}).c_str());
  bad = option(OptionType::table_list);
  bad.members = nullptr;
  STRCMP_CONTAINS("null for 1 declared options in the options of some_option.",
                  verdict({bad}).c_str());
}

TEST(OptionTableCheck, NamesNestedOptionsByTheirPath) {
  OptionDeclaration const twice[] = {leaf, leaf};
  auto bad = option(OptionType::table);
  bad.members = twice;
  bad.memberCount = 2;
  STRCMP_EQUAL("option \"some_option.leaf\" declared twice", verdict({bad}).c_str());
}

TEST(OptionTableCheck, RefusesWhatIsRequiredAndHasADefault) {
  auto bad = option(OptionType::string, "x");
  bad.required = true;
  STRCMP_EQUAL("required option \"some_option\" with a default", verdict({bad}).c_str());
}

TEST(OptionTableCheck, CapsATableAndTheWhole) {
  std::vector<std::string> names;
  names.reserve(65);
  for (int at = 0; at < 65; ++at) names.push_back("o" + std::to_string(at));
  std::vector<OptionDeclaration> options(65, leaf);
  for (std::size_t at = 0; at < options.size(); ++at) options[at].name = names[at].c_str();
  STRCMP_EQUAL("65 options in its own options", verdict(options).c_str());
  options.pop_back();
  STRCMP_EQUAL("passed", verdict(options).c_str());
  std::vector<OptionDeclaration> tables(9, option(OptionType::table));
  for (std::size_t at = 0; at < tables.size(); ++at) {
    tables[at].name = names[at].c_str();
    tables[at].members = options.data();
    tables[at].memberCount = 64;
  }
  STRCMP_EQUAL("521 options and more in all", verdict(tables).c_str());
}

TEST_GROUP(DefaultText){
    void parses(OptionType type, std::vector<char const*> const& texts,
                bool expected){for (auto const* text
                                    : texts){auto const declared = option(type, text);
CHECK_EQUAL_TEXT(expected, backends::defaultParses(declared), text);
}
}
void good(OptionType type, std::vector<char const*> const& texts) { parses(type, texts, true); }
void bad(OptionType type, std::vector<char const*> const& texts) { parses(type, texts, false); }
}
;

TEST(DefaultText, Strings) { good(OptionType::string, {"", "anything at all", "\"quoted\""}); }

TEST(DefaultText, Booleans) {
  good(OptionType::boolean, {"true", "false"});
  bad(OptionType::boolean, {"", "True", "1", "yes", "true "});
}

TEST(DefaultText, Integers) {
  good(OptionType::integer, {"0", "-1", "9223372036854775807", "-9223372036854775808"});
  bad(OptionType::integer, {"", "-", "+1", "1.0", "0x10", "1_000", "9223372036854775808", " 1"});
}

TEST(DefaultText, Durations) {
  good(OptionType::duration, {"120s", "5m", "1h30m", "250ms", "7d", "0s", "1d2h3m4s5ms"});
  bad(OptionType::duration,
      {"", "5", "s", "-5s", "1m1h", "5s5s", "1.5h", "5 s", "5S", "9999999999s", "1h30"});
}

TEST(DefaultText, Sizes) {
  good(OptionType::size, {"0", "1024", "512KiB", "1MiB", "2GiB", "7B"});
  bad(OptionType::size, {"", "KiB", "1KB", "1 KiB", "-1", "1.5MiB", "1MiB1B", "9999999999GiB"});
}

TEST(DefaultText, Enumerations) {
  good(OptionType::enumeration, {"slow", "fast"});
  bad(OptionType::enumeration, {"", "faster", "Slow"});
}

TEST(DefaultText, Lists) {
  good(OptionType::list, {"[]", "[ ]", R"(["a"])", R"(["a", "b"])", R"([ "a" ,"" ])"});
  bad(OptionType::list,
      {"", "[", "]", "a", "[a]", R"(["a",])", R"(["a" "b"])", R"([,"a"])", R"(["a", 1])"});
}

TEST(DefaultText, SecretsAndTablesHaveNone) {
  bad(OptionType::secret, {"", "{ file = \"/x\" }"});
  bad(OptionType::table, {"", "{}"});
  bad(OptionType::table_list, {"", "[]"});
}

// The loader lets through what the configuration fills in later: it may not be the looser one.
TEST(DefaultText, WhatTheLoaderTakesTheConfigurationReads) {
  std::vector<std::pair<OptionType, char const*>> const taken{
      {OptionType::string, ""},           {OptionType::boolean, "false"},
      {OptionType::integer, "-42"},       {OptionType::duration, "1d2h3m4s5ms"},
      {OptionType::duration, "0s"},       {OptionType::duration, "250ms"},
      {OptionType::size, "2GiB"},         {OptionType::size, "7B"},
      {OptionType::enumeration, "slow"},  {OptionType::list, "[]"},
      {OptionType::list, R"([ "a" ,""])"}};
  for (auto const& [type, text] : taken) {
    auto const declared = option(type, text);
    CHECK_TRUE_TEXT(backends::defaultParses(declared), text);
    CHECK_TRUE_TEXT(config::defaultOf(declared).has_value(), text);
  }
}

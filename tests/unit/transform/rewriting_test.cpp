// SPDX-License-Identifier: Apache-2.0
#include "transform/rewriting.hpp"

#include <string>

#include <CppUTest/TestHarness.h>

using namespace kms_secretd;
using transform::KeyRules;
using transform::patternFault;
using transform::replacementFault;
using transform::Rewrite;

namespace {

void rewrites(std::string const& pattern, std::string const& replacement, std::string const& text,
              std::string const& expected) {
  CHECK_FALSE(patternFault(pattern).has_value());
  CHECK_FALSE(replacementFault(pattern, replacement).has_value());
  CHECK_EQUAL(expected, Rewrite(pattern, replacement).apply(text));
}

}  // namespace

TEST_GROUP(Rewriting){};

TEST(Rewriting, ReplacesEveryMatchAsGoDoes) {
  rewrites("^n.*e$", "alibabacloud", "name", "alibabacloud");
  rewrites("^n.*e$", "x", "surname", "surname");
  rewrites("a", "bb", "banana", "bbbnbbnbb");
  rewrites("a*", "x", "baaac", "xbxcx");
  rewrites("", "-", "a\u00e9b", "-a-\u00e9-b-");
  rewrites("b*", "-", "abc", "-a-c-");
  rewrites("$", "!", "a", "a!");
  rewrites("\\b", "|", "a b", "|a| |b|");
  rewrites("x", "", "", "");
  rewrites("^", "p_", "key", "p_key");
}

TEST(Rewriting, PutsGroupsInTheirPlaces) {
  rewrites("(a)(b)?", "[$1$2]", "ab a", "[ab] [a]");
  rewrites("(?P<first>\\w+)-(?P<last>\\w+)", "${last}.$first", "ann-lee", "lee.ann");
  rewrites("(a)", "${1}0", "a", "a0");
  rewrites("a", "$0$0", "ba", "baa");
  rewrites("a", "$$1", "a", "$1");
  rewrites("a", "$", "a", "$");
  rewrites("a", "$-", "a", "$-");
}

TEST(Rewriting, B3_ABadPatternIsToldWithItsPlaceAndNeverDropsAKey) {
  CHECK_TRUE(patternFault("a(").has_value());
  CHECK_EQUAL(2U, patternFault("ab*+")->offset);
  CHECK_TRUE(patternFault("(?=a)").has_value());
  CHECK_TRUE(patternFault("(a)\\1").has_value());
  CHECK_TRUE(patternFault(std::string(2'000, 'a')).has_value());
  CHECK_TRUE(patternFault("((((a{1000}){1000}){1000}){1000})").has_value());
}

TEST(Rewriting, AGroupThatIsNotThereIsToldWithItsPlace) {
  CHECK_EQUAL(1U, replacementFault("(a)", "x$2")->offset);
  CHECK_EQUAL(0U, replacementFault("(a)", "$1x")->offset);
  CHECK_EQUAL(0U, replacementFault("(a)", "${b}")->offset);
  CHECK_EQUAL(0U, replacementFault("(a)", "${1")->offset);
  CHECK_EQUAL(0U, replacementFault("(a)", "${}")->offset);
  CHECK_EQUAL(0U, replacementFault("(a)", "$99999999999999999999")->offset);
}

TEST(Rewriting, AMemberGoesThroughChoicePrefixesAndRulesInTheirOrder) {
  KeyRules const rules({.include = {"app_.*"},
                        .exclude = {".*_old"},
                        .stripPrefix = "app_",
                        .rules = {{"_", "-"}, {"^db-", "database."}},
                        .addPrefix = "x-"});
  CHECK_EQUAL(std::string("x-database.host-name"), *rules.keyOf("app_db_host_name"));
  CHECK_FALSE(rules.keyOf("app_db_old").has_value());
  CHECK_FALSE(rules.keyOf("my_app_x").has_value());
  CHECK_EQUAL(std::string("a"), *KeyRules({.stripPrefix = "b"}).keyOf("a"));
}

TEST(Rewriting, APatternThatWouldTakeOthersForEverIsDoneAtOnce) {
  std::string const text(10'000, 'a');
  CHECK_EQUAL(text, Rewrite("(a+)+b", "x").apply(text));
}

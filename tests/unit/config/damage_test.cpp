// SPDX-License-Identifier: Apache-2.0
// Garbage, truncation, giants and depth: a clear error, never a crash.
#include <algorithm>
#include <chrono>
#include <cstdint>
#include <string>

#include "config/load.hpp"
#include "config/nesting.hpp"

#include "table_catalog.hpp"

#include <CppUTest/TestHarness.h>

using namespace kms_secretd;

namespace {

std::string sampleText() {
  return config_test::preface() + R"(
[polling] # comment with " and '
interval = "1m30s"
[defaults]
namespace = 'payments'
labels = { "example.org/team" = "a", stage = "b" }
[[secret]]
name = "db"
annotations = { note = """two
lines with \" and ""quotes"" """, other = '''raw '' text''' }
[[secret.data]]
source = "prod/db"
key = "password"
)";
}

std::string repeated(std::string const& piece, std::size_t count) {
  std::string text;
  text.reserve(piece.size() * count);
  for (std::size_t i = 0; i < count; ++i) text += piece;
  return text;
}

/// Loads `text`; without a configuration there must be a reason, and reasons have words.
void survives(std::string const& text) {
  auto const result = config_test::loadAll({text});
  CHECK_EQUAL(result.problems.empty(), result.config.has_value());
  for (auto const& problem : result.problems) {
    CHECK_FALSE(problem.what.empty());
    auto const line = problem.text();
    CHECK_TRUE(std::ranges::none_of(line, [](char c) { return c == '\n' || c == '\x1b'; }));
  }
}

/// A fixed sequence: the same damage on every machine.
class Dice {
 public:
  std::uint32_t next() {
    state_ = state_ * 6364136223846793005ULL + 1442695040888963407ULL;
    return static_cast<std::uint32_t>(state_ >> 33);
  }

 private:
  std::uint64_t state_ = 42;
};

}  // namespace

TEST_GROUP(Damage){};

TEST(Damage, TheSampleItselfIsGood) { (void)config_test::loadGood(sampleText()); }

TEST(Damage, ATextCutAtAnyByteIsReadOrRefused) {
  auto const text = sampleText();
  for (std::size_t size = 0; size < text.size(); ++size) survives(text.substr(0, size));
}

TEST(Damage, AByteChangedAnywhereIsReadOrRefused) {
  auto const text = sampleText();
  for (std::size_t at = 0; at < text.size(); ++at) {
    for (char const other : {'\0', '"', '\'', '[', '}', '.', '\n', '\x80', '\xff', '\x1b'}) {
      auto damaged = text;
      damaged[at] = other;
      survives(damaged);
    }
  }
}

TEST(Damage, GarbageIsRefused) {
  Dice dice;
  for (int round = 0; round < 2'000; ++round) {
    std::string garbage(dice.next() % 200, '\0');
    for (auto& c : garbage) c = static_cast<char>(dice.next());
    survives(garbage);
  }
}

TEST(Damage, ShuffledTokensAreReadOrRefused) {
  char const* const tokens[] = {"[",
                                "]",
                                "[[",
                                "]]",
                                "{",
                                "}",
                                "=",
                                ",",
                                ".",
                                "\n",
                                "secret",
                                "data",
                                "store",
                                "kms",
                                "\"x\"",
                                "'y'",
                                "\"\"\"",
                                "#",
                                "1",
                                "true",
                                "defaults",
                                "[[secret]]\n",
                                "[[secret.data]]\n",
                                "labels",
                                "1979-05-27",
                                "nan"};
  Dice dice;
  for (int round = 0; round < 5'000; ++round) {
    std::string text;
    for (auto left = dice.next() % 30; left > 0; --left) {
      text += tokens[dice.next() % std::size(tokens)];
      text += ' ';
    }
    survives(text);
  }
}

TEST(Damage, NulBytesAndBrokenUtf8AreTold) {
  for (auto const& text : {std::string("a = \"x\0y\"\n", 10), std::string("\0", 1),
                           std::string("a = \"\xc3\x28\"\n"), std::string("\xff\xfe", 2)}) {
    auto const result = config_test::loadAll({text});
    CHECK_FALSE(result.config.has_value());
    LONGS_EQUAL(1, result.problems.front().origin.line);
    STRCMP_CONTAINS("not TOML", result.problems.front().what.c_str());
  }
}

TEST(Damage, DeepTextsAreRefusedBeforeTheParserBuildsThem) {
  for (auto const& text :
       {"[" + repeated("a.", 1'000'000) + "a]\n", repeated("a.", 1'000'000) + "a = 1\n",
        repeated("\"a\" . ", 500'000) + "a = 1\n", "a = " + std::string(1'000'000, '['),
        "a = " + repeated("{ a = ", 500'000), "a = " + repeated("[{ a.b.c.d = ", 200'000)}) {
    auto const result = config_test::loadAll({text});
    LONGS_EQUAL(1, result.problems.size());
    STRCMP_CONTAINS("deeper than 16 levels", result.problems.front().text().c_str());
  }
}

TEST(Damage, DotsAndBracketsInTextAndCommentsAreNoDepth) {
  auto const dots = std::string(100, '.') + std::string(100, '[');
  for (auto const& text :
       {"# " + dots + "\na = 1", "a = \"" + dots + "\"", "a = '" + dots + "'",
        "a = \"\\\"" + dots + "\"", "a = \"\"\"\n\"" + dots + "\n\"\"\"\"",
        "a = ''' ''" + dots + "'''", repeated("a.b = 1\n", 100), repeated("[a.b]\n", 100)}) {
    CHECK_FALSE_TEXT(config::nestsTooDeep(text).has_value(), text.c_str());
  }
}

TEST(Damage, TheScanFindsItsWayBackOutOfTexts) {
  auto const deep = "\na = " + std::string(20, '[');
  for (auto const& text : {"a = \"\"", "a = ''", "a = \"\"\"\"\"\"", "a = '''x'''", "a = \"\\\\\"",
                           "a = \"\"\" \"\" \"\"\"\"\"", "# it's", "a = 'C:\\'"}) {
    auto const place = config::nestsTooDeep(text + deep);
    CHECK_TRUE_TEXT(place.has_value(), text);
    LONGS_EQUAL_TEXT(2, place->line, text);
    LONGS_EQUAL_TEXT(21, place->column, text);
  }
}

TEST(Damage, AGiantFileIsRefused) {
  auto const result = config_test::loadAll({std::string(config::maxFileBytes + 1, '\n')});
  STRCMP_EQUAL("main.toml: is larger than 4 MiB; split it into several files in conf.d",
               result.problems.front().text().c_str());
}

TEST(Damage, AGiantTextIsCutInTheMessage) {
  auto const result = config_test::loadAll(
      {config_test::preface() + "[polling]\ninterval = \"" + repeated("ä", 500'000) + "\"\n"});
  CHECK_TRUE(result.problems.front().text().size() < 400);
}

TEST(Damage, ManyErrorsAreCountedButNotAllShown) {
  auto const result =
      config_test::loadAll({config_test::preface() + repeated("[[secret]]\n", 5'000)});
  LONGS_EQUAL(1'001, result.problems.size());
  STRCMP_CONTAINS("more errors are not shown", result.problems.back().what.c_str());
}

TEST(Damage, TenThousandSecretsLoadInBoundedTime) {
  auto text = config_test::preface() + "[defaults]\nnamespace = \"payments\"\n";
  for (int i = 0; i < 10'000; ++i) {
    auto const number = std::to_string(i);
    text += "[[secret]]\nname = \"secret-" + number + "\"\n[[secret.data]]\nsource = \"prod/" +
            number + "\"\nkey = \"password\"\n";
  }
  auto const begin = std::chrono::steady_clock::now();
  auto const config = config_test::loadGood(text);
  auto const took = std::chrono::steady_clock::now() - begin;
  LONGS_EQUAL(10'000, config.targets.size());
  CHECK_TRUE(took < std::chrono::seconds(60));  // a hang guard: quadratic behaviour, not speed
}

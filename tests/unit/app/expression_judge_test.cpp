// SPDX-License-Identifier: Apache-2.0
#include "app/expression_judge.hpp"

#include <string>
#include <vector>

#include "config/load.hpp"

#include <CppUTest/TestHarness.h>

using namespace kms_secretd;

namespace {

class NoOptions final : public config::BackendCatalog {
 public:
  config::BackendLookup find(std::string const& name) override {
    return config::BackendDescription{.name = name, .version = "1", .options = {}};
  }
};

// The first problem of a [[secret]] with this below it; the secret begins at line 6, `text` at 9.
std::string problemOf(std::string const& text) {
  NoOptions catalog;
  std::string const head =
      "[kubernetes]\nkubeconfig = \"/k\"\n[store.s]\nbackend = \"any\"\n\n"
      "[[secret]]\nname = \"x\"\nnamespace = \"n\"\n";
  auto const result = config::loadTexts(
      {{.name = "f", .text = head + text}}, catalog,
      [](std::string_view hashed) { return std::string(hashed); }, app::judgeExpression);
  return result.problems.empty() ? "good" : result.problems.front().text();
}

std::string withPath(std::string const& literal) {
  return problemOf("[[secret.data]]\nsource = \"a\"\njmes_path = [{ object_alias = \"k\", path = " +
                   literal + " }]\n");
}

std::string withTemplate(std::string const& literal) {
  return problemOf("[[secret.data]]\nsource = \"a\"\n[[secret.template]]\nkey = \"t\"\ntext = " +
                   literal + "\n");
}

std::string withRule(std::string const& source, std::string const& target) {
  return problemOf("[[secret.data_process]]\nextract.source = \"a\"\nreplace_rule = [{ source = " +
                   source + ", target = " + target + " }]\n");
}

}  // namespace

TEST_GROUP(ExpressionJudge){};

TEST(ExpressionJudge, ABadPathIsAnErrorOfTheConfigurationAtItsPlace) {
  STRCMP_EQUAL("good", withPath("\"a.b[0]\"").c_str());
  STRCMP_EQUAL("f:11:46: the path is no JMESPath; a name, '*', '[' or '{' must follow '.'",
               withPath("\"a.\"").c_str());
  STRCMP_EQUAL("f:11:48: the path is no JMESPath; there is no function 'nope'",
               withPath("\"a | nope(@)\"").c_str());
  STRCMP_EQUAL("f:11:44: the path is no JMESPath; length() takes 1 argument, not 2",
               withPath("\"length(a, b)\"").c_str());
}

TEST(ExpressionJudge, PlacesCountEscapesAndLinesOfTheText) {
  STRCMP_EQUAL("f:11:54: the path is no JMESPath; unknown character",
               withPath(R"("\"\u00e9\"#")").c_str());
  STRCMP_EQUAL("f:11:47: the path is no JMESPath; unknown character",
               withPath("'\"\u00e9\"#'").c_str());
  STRCMP_EQUAL("f:13:3: the path is no JMESPath; unknown character",
               withPath("'''\na\n| #'''").c_str());
  STRCMP_EQUAL("f:12:4: the path is no JMESPath; unknown character",
               withPath("\"\"\"a \\\n   #\"\"\"").c_str());
}

TEST(ExpressionJudge, ABadPatternOrReplacementIsAnErrorAtItsPlace) {
  STRCMP_EQUAL("good", withRule("'(a)(?P<x>b)'", "'${x}$1$$$'").c_str());
  STRCMP_EQUAL("f:11:29: the pattern is no RE2; missing ): a(b", withRule("'a(b'", "''").c_str());
  STRCMP_EQUAL(
      "f:11:46: the replacement cannot be used; the pattern has no group '2'; write "
      "${1}x where something follows a number",
      withRule("'(a)'", "'x$2'").c_str());
  STRCMP_CONTAINS("write ${name}", withRule("'(a)'", "'${1'").c_str());
  STRCMP_CONTAINS(
      "f:11:13: the pattern is no RE2",
      problemOf("[[secret.data_process]]\nextract.source = \"a\"\ninclude = ['*']\n").c_str());
}

TEST(ExpressionJudge, ABadTemplateIsAnErrorAtItsPlace) {
  STRCMP_EQUAL("good", withTemplate("'x{{a}}{{#b64}}{{{a}}}{{/b64}}{{! note }}'").c_str());
  STRCMP_EQUAL("f:13:10: the template cannot be used; there is no value named 'b'",
               withTemplate("'x{{b}}'").c_str());
  STRCMP_EQUAL("f:15:2: the template cannot be used; the tag is not closed: write '{{' as {{name}}",
               withTemplate("\"\"\"\n{{a}}\n {{a\n\"\"\"").c_str());
  for (auto const* text : {"'{{> other}}'", "'{{=<% %>=}}'", "'{{^a}}x{{/a}}'", "'{{#a}}x{{/a}}'",
                           "'{{ .a }}'", "'{{ a | b64enc }}'", "'{{#b64}}'", "'{{/b64}}'",
                           "'{{#b64}}{{#json}}{{/b64}}{{/json}}'", "'{{}}'", "'{{b64}}'"}) {
    CHECK_TRUE_TEXT(withTemplate(text) != "good", text);
  }
}

TEST(ExpressionJudge, ARendererThatIsNoFunctionOfItsInputIsRefused) {
  for (auto const* text : {"'{{#htpasswd}}{{a}}{{/htpasswd}}'", "'{{now}}'", "'{{uuidv4}}'",
                           "'{{#bcrypt}}{{a}}{{/bcrypt}}'"}) {
    STRCMP_CONTAINS("another text in each round", withTemplate(text).c_str());
  }
}

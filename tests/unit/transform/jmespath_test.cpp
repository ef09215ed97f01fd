// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <filesystem>
#include <set>
#include <string>

#include "jmespath_cases.hpp"
#include "transform/document.hpp"
#include "transform/jmespath/expression.hpp"
#include "transform/jmespath/functions.hpp"

#include <CppUTest/TestHarness.h>

using namespace kms_secretd::transform;
namespace fs = std::filesystem;
namespace cases = kms_secretd::transform_test;

namespace {

fs::path const fixtures = fs::path(KMS_SECRETD_FIXTURES) / "jmespath";

std::vector<cases::JmespathCase> allCases() {
  std::vector<cases::JmespathCase> all;
  for (auto const& file : cases::jsonFiles(fixtures)) {
    for (auto const& each : cases::casesOf(file)) all.push_back(each);
  }
  return all;
}

jmespath::Fault faultOf(std::string const& text) {
  auto compiled = jmespath::Expression::compile(text);
  CHECK_TRUE_TEXT(std::holds_alternative<jmespath::Fault>(compiled), text.c_str());
  return std::get<jmespath::Fault>(compiled);
}

std::variant<Value, jmespath::Fault> search(std::string const& text, Value const& value) {
  auto compiled = jmespath::Expression::compile(text);
  CHECK_TRUE(std::holds_alternative<jmespath::Expression>(compiled));
  return std::get<jmespath::Expression>(compiled).search(value);
}

}  // namespace

TEST_GROUP(Jmespath){};

TEST(Jmespath, EveryCaseOfOursComesOutToTheLetter) {
  auto const all = allCases();
  for (auto const& each : all) STRCMP_EQUAL("", cases::failureOf(each, true).c_str());
  CHECK_TRUE(all.size() > 140);
}

TEST(Jmespath, OurCasesCoverEveryFunctionAndEveryKindOfError) {
  std::set<std::string> kinds;
  std::set<std::string> missing;
  for (auto const& name : jmespath::functionNames()) missing.insert(name);
  for (auto const& each : allCases()) {
    if (each.fails) kinds.insert(each.expected.text());
    std::erase_if(missing, [&](std::string const& name) {
      return !each.fails && each.expression.find(name + "(") != std::string::npos;
    });
  }
  CHECK_EQUAL(26U, jmespath::functionNames().size());
  CHECK_TRUE_TEXT(missing.empty(), missing.empty() ? "" : missing.begin()->c_str());
  CHECK_EQUAL(5U, kinds.size());
}

TEST(Jmespath, DeepAndLongExpressionsAreRefusedBeforeTheyHurt) {
  std::string const parentheses(5'000, '(');
  CHECK_TRUE(faultOf(parentheses).kind == jmespath::FaultKind::syntax);
  CHECK_TRUE(faultOf(std::string(5'000, '!') + "a").kind == jmespath::FaultKind::syntax);
  CHECK_TRUE(faultOf(std::string(9'000, 'a')).kind == jmespath::FaultKind::syntax);
  std::string chain = "a";
  for (int i = 0; i < 1'000; ++i) chain += ".a";
  CHECK_TRUE(faultOf(chain).kind == jmespath::FaultKind::syntax);
}

TEST(Jmespath, AnExpressionThatGrowsWithoutBoundIsStopped) {
  std::string doubling = "[@,@][]";
  for (int i = 0; i < 60; ++i) doubling += "|[@,@][]";
  auto const result = search(doubling, Value::array({Value::boolean(true)}));
  CHECK_TRUE(std::get<jmespath::Fault>(result).kind == jmespath::FaultKind::limit);
  std::string text = "join('',[@,@])";
  for (int i = 0; i < 60; ++i) text += "|join('',[@,@])";
  auto const joined = search(text, Value::string("0123456789abcdef"));
  CHECK_TRUE(std::get<jmespath::Fault>(joined).kind == jmespath::FaultKind::limit);
}

TEST(Jmespath, LargeValuesAreComparedSearchedAndMergedInTheirSize) {
  Value::Object members;
  for (int i = 0; i < 90'000; ++i) members.push_back({"member" + std::to_string(i), {}});
  auto const large = Value::object(members);
  std::ranges::reverse(members);
  auto const both = Value::object({{"a", large},
                                   {"b", Value::object(members)},
                                   {"t", Value::string(std::string(500'000, 'a'))},
                                   {"u", Value::string(std::string(250'000, 'a') + "b")}});
  CHECK_TRUE(std::get<Value>(search("a == b", both)).truth());
  CHECK_FALSE(std::get<Value>(search("contains(t, u)", both)).truth());
  CHECK_TRUE(std::get<Value>(search("contains(join('', [u, t]), u)", both)).truth());
  CHECK_EQUAL(90'000U, std::get<Value>(search("merge(a, b)", both)).members().size());
}

TEST(Jmespath, AnErrorNeverRepeatsTheValue) {
  auto const value =
      std::get<Value>(readJson(R"({"password": "hunter2", "list": ["hunter2", 1]})"));
  for (auto const* text : {"abs(password)", "sum(list)", "sort(list)", "keys(password)",
                           "sort_by(list, &@)", "join(',', list)", "map(&abs(@), list)"}) {
    auto const result = search(text, value);
    auto const& fault = std::get<jmespath::Fault>(result);
    CHECK_TRUE_TEXT(fault.message.find("hunter2") == std::string::npos, text);
  }
}

// SPDX-License-Identifier: Apache-2.0
// What holds for all values, tried on random ones.
#include <cstring>
#include <memory>
#include <random>
#include <string>
#include <variant>

#include "transform/document.hpp"
#include "transform/jmespath/expression.hpp"
#include "transform/json_text.hpp"
#include "transform/number.hpp"
#include "transform/render.hpp"

#include <CppUTest/TestHarness.h>

using namespace kms_secretd;
using namespace kms_secretd::transform;

namespace {

class Random {
 public:
  std::size_t below(std::size_t limit) { return engine_() % limit; }

  std::string text() {
    static constexpr char const* const pieces[] = {"a",    "\"", "\\", "\n",         "\t",   ": ",
                                                   "#",    "0",  "-",  "\u00e9",     "'",    "{",
                                                   "\x7f", " ",  "&",  "\U0001f600", "true", "~"};
    std::string text;
    for (auto count = below(6); count > 0; --count) text += pieces[below(18)];
    return text;
  }

  std::string number() {
    static constexpr char const* const numbers[] = {
        "0", "-0", "1.10", "1e7", "12345678901234567890", "-1.5E-3", "3306", "0.1", "1e999"};
    return numbers[below(9)];
  }

  Value value(std::size_t depth) {
    auto const kind = below(depth == 0 ? 4 : 6);
    if (kind == 0) return {};
    if (kind == 1) return Value::boolean(below(2) == 0);
    if (kind == 2) return Value::number(number());
    if (kind == 3) return Value::string(text());
    return kind == 4 ? array(depth) : object(depth);
  }

 private:
  Value array(std::size_t depth) {
    Value::Array elements;
    for (auto count = below(5); count > 0; --count) elements.push_back(value(depth - 1));
    return Value::array(std::move(elements));
  }

  Value object(std::size_t depth) {
    Value::Object members;
    for (auto count = below(5); count > 0; --count) {
      members.push_back({std::to_string(count) + text(), value(depth - 1)});
    }
    return Value::object(std::move(members));
  }

  std::mt19937 engine_{42};
};

std::string jsonOf(ReadResult const& result) {
  if (auto const* fault = std::get_if<ReadFault>(&result)) return fault->text();
  return toJson(std::get<Value>(result));
}

}  // namespace

TEST_GROUP(Properties) { Random random; };

TEST(Properties, JsonThatIsWrittenReadsBackToTheLetter) {
  for (int i = 0; i < 2'000; ++i) {
    auto const json = toJson(random.value(5));
    CHECK_EQUAL(json, jsonOf(readJson(json)));
  }
}

TEST(Properties, YamlThatIsWrittenReadsBackAsTheSameValue) {
  for (int i = 0; i < 2'000; ++i) {
    auto const value = random.value(4);
    CHECK_EQUAL(toJson(value), jsonOf(readYaml(toYaml(value))));
  }
}

TEST(Properties, BytesInAreBytesOut) {
  std::mt19937 engine(3);
  for (std::size_t length = 0; length < 500; ++length) {
    sdk::FetchedSecret secret;
    for (std::size_t i = 0; i < length; ++i) {
      char const byte = static_cast<char>(engine() & 0xffU);
      secret.value.append({&byte, 1});
    }
    auto const expected = secret.value.clone();
    core::TargetDefinition const definition{
        .data = {{.source = {.store = "s", .name = "a"}, .key = "k"}}};
    core::Fetched const fetched{{{definition.data[0].source,
                                  std::make_shared<sdk::FetchedSecret const>(std::move(secret))}}};
    auto const result = render(definition, fetched);
    CHECK_TRUE(std::get<core::Rendered>(result).keys.at(0).value == expected);
  }
}

TEST(Properties, EveryStringOfAValueComesOutAsItsBytes) {
  auto const expression = std::get<jmespath::Expression>(jmespath::Expression::compile("a"));
  for (int i = 0; i < 2'000; ++i) {
    auto const text = random.text();
    std::string json = "{\"a\":";
    appendJsonString(json, text);
    auto const document = readDocument(json + "}");
    auto const found = expression.search(std::get<Value>(document));
    CHECK_EQUAL(text, std::get<Value>(found).text());
  }
}

TEST(Properties, ComputedNumbersAreTheShortestThatReadBackTheSame) {
  std::mt19937_64 engine(5);
  for (int i = 0; i < 20'000; ++i) {
    auto const bits = engine();
    double number = 0;
    std::memcpy(&number, &bits, sizeof number);
    if (!(number - number == 0)) continue;  // infinite or not a number
    auto const text = shortest(number);
    CHECK_TRUE(isJsonNumber(text) && toDouble(text) == number);
  }
}

TEST(Properties, NumbersAreOrderedAsTheirDoublesWhereTheseDiffer) {
  for (int i = 0; i < 5'000; ++i) {
    auto const a = random.number();
    auto const b = random.number();
    if (toDouble(a) < toDouble(b)) CHECK_TRUE(compareNumbers(a, b) < 0);
    CHECK_TRUE((compareNumbers(a, b) < 0) == (compareNumbers(b, a) > 0));
  }
}

// SPDX-License-Identifier: Apache-2.0
#include "ctl/yaml_text.hpp"

#include <boost/json.hpp>
#include <string>

#include <yaml-cpp/yaml.h>

#include <CppUTest/TestHarness.h>

using kms_secretd::ctl::yamlText;
namespace json = boost::json;

namespace {

// What a YAML reader takes a node for, as JSON; quoted scalars are text, whatever they look like.
json::value readBack(YAML::Node const& node) {
  if (node.IsMap()) {
    json::object object;
    for (auto const& each : node) object[each.first.as<std::string>()] = readBack(each.second);
    return object;
  }
  if (node.IsSequence()) {
    json::array array;
    for (auto const& each : node) array.push_back(readBack(each));
    return array;
  }
  auto const plain = node.Tag() == "?";
  if (node.IsNull() || (plain && node.Scalar() == "null")) return nullptr;
  bool flag = false;
  if (plain && YAML::convert<bool>::decode(node, flag)) return flag;
  std::int64_t number = 0;
  if (plain && YAML::convert<std::int64_t>::decode(node, number)) return number;
  double real = 0;
  if (plain && YAML::convert<double>::decode(node, real)) return real;
  return json::value(node.Scalar());
}

}  // namespace

TEST_GROUP(YamlText){void same(char const* document){auto const value = json::parse(document);
auto const text = yamlText(value);
CHECK_TEXT(readBack(YAML::Load(text)) == value, text.c_str());
}
}
;

TEST(YamlText, IsWrittenInBlocksAsPeopleDo) {
  auto const value = json::parse(R"({"name":"db","empty":[],"list":[{"a":1,"b":"two words"},"x"],
                                     "inner":{"flag":true,"nothing":null}})");
  STRCMP_EQUAL(R"(name: db
empty: []
list:
- a: 1
  b: "two words"
- x
inner:
  flag: true
  nothing: null
)",
               yamlText(value).c_str());
}

TEST(YamlText, KeepsTextsThatLookLikeSomethingElse) {
  same(R"({"a":"yes","b":"No","c":"null","d":"123","e":"1e3","f":"","g":"~","h":"0x1","i":"y",
           "true":"TRUE","j":"- x","k":"a: b","l":"# no","m":"on","n":".5","o":"2026-11-27"})");
}

TEST(YamlText, KeepsNestingAndControlCharacters) {
  same(
      R"({"a":[[1,2],[{"x":{"y":[]}}],[]],"b":{"c":{"d":"line\nbreak\ttab \"quoted\" \\ \u001b"}}})");
  same("[]");
  same("\"alone\"");
  same("[1.5, -3, {}, null]");
}

// SPDX-License-Identifier: Apache-2.0
#include "transform/document.hpp"

#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "transform/number.hpp"
#include "transform/utf8.hpp"

#include <CppUTest/TestHarness.h>

using namespace kms_secretd::transform;
using namespace std::string_view_literals;

namespace {

std::string json(std::string_view text) {
  auto const result = readDocument(text);
  if (auto const* fault = std::get_if<ReadFault>(&result)) return "! " + fault->text();
  return toJson(std::get<Value>(result));
}

std::string yaml(std::string_view text) {
  auto const result = readDocument(text);
  if (auto const* fault = std::get_if<ReadFault>(&result)) return "! " + fault->text();
  return toYaml(std::get<Value>(result));
}

struct Row {
  std::string_view in;
  std::string_view out;
};

void checkJson(std::vector<Row> const& rows) {
  for (auto const& row : rows) {
    auto const out = json(row.in);
    STRCMP_EQUAL(std::string(row.out).c_str(), out.c_str());
  }
}

std::string repeated(std::string_view text, std::size_t times) {
  std::string all;
  for (std::size_t i = 0; i < times; ++i) all += text;
  return all;
}

}  // namespace

TEST_GROUP(Document){};

TEST(Document, B7_JsonComesOutCompactWithItsNumbersAndItsOrder) {
  checkJson({{R"( { "b" : 1.10 , "a" : [ 1e7 , -0 , 0.0 ] } )", R"({"b":1.10,"a":[1e7,-0,0.0]})"},
             {"12345678901234567890", "12345678901234567890"},
             {"1234567.5", "1234567.5"},
             {R"({"x":{"z":1,"y":{}},"w":[]})", R"({"x":{"z":1,"y":{}},"w":[]})"},
             {R"("\u00e9\ud83d\ude00\/\u0000\u001f<>&")", "\"\u00e9\U0001f600/\\u0000\\u001f<>&\""},
             {"true", "true"},
             {" null ", "null"}});
}

TEST(Document, BrokenJsonIsAnErrorWithItsPlace) {
  checkJson(
      {{"{\"a\": 1,\n \"a\": 2}", "! line 2, column 4: a member stands here for the second time"},
       {"{\"a\": NaN}", "! line 1, column 7: not JSON: syntax error"},
       {"[-Infinity]", "! line 1, column 3: not JSON: syntax error"},
       {"{\"a\": \"x", "! line 1, column 9: not JSON: incomplete JSON"},
       {"[1,2", "! line 1, column 5: not JSON: incomplete JSON"}});
}

TEST(Document, YamlIsReadByTheCoreSchema) {
  checkJson(
      {{"a: 0755", R"({"a":755})"},
       {"a: 0o17\nb: 0x1f\nc: +5\nd: .5\ne: 5.\nf: -007.50",
        R"({"a":15,"b":31,"c":5,"d":0.5,"e":5,"f":-7.50})"},
       {"a: 1.10\nb: 1e7", R"({"a":1.10,"b":1e7})"},
       {"a: 2026-11-27\nb: 2026-11-27T10:00:00Z",
        R"({"a":"2026-11-27","b":"2026-11-27T10:00:00Z"})"},
       {"a: ~\nb:\nc: null\nd: Null", R"({"a":null,"b":null,"c":null,"d":null})"},
       {"a: yes\nb: no\nc: True\nd: 'true'", R"({"a":"yes","b":"no","c":true,"d":"true"})"},
       {"a: 0x112233445566778899aabbccddeeff00", R"({"a":"0x112233445566778899aabbccddeeff00"})"},
       {"a: 1_000\nb: 1:30\nc: 0b1\nd: 08.x", R"({"a":"1_000","b":"1:30","c":"0b1","d":"08.x"})"},
       {"1: a\ntrue: b\n~: c\n2026-01-01: d",
        R"({"1":"a","true":"b","null":"c","2026-01-01":"d"})"},
       {"a: !!str 1\nb: !!int 1\nc: !!float 1.5\nd: !!bool true",
        R"({"a":"1","b":1,"c":1.5,"d":true})"},
       {"{a: 1, b: [x, \"y\"]}", R"({"a":1,"b":["x","y"]})"},
       {"a: |\n  line\n  two\n", R"({"a":"line\ntwo\n"})"},
       {"a: >-\n  folded\n  text\n", R"({"a":"folded text"})"},
       {"just text", R"("just text")"},
       {"- a\n- {}\n- []", R"(["a",{},[]])"},
       {"\xef\xbb\xbf"
        "a: b",
        R"({"a":"b"})"}});
}

TEST(Document, MergeKeysFillInWhatAMappingDoesNotSayItself) {
  checkJson({{"d: &d {x: 1, y: 2}\ne: {<<: *d, y: 3}", R"({"d":{"x":1,"y":2},"e":{"y":3,"x":1}})"},
             {"a: {<<: [{x: 1}, {x: 2, y: 3}], z: 0}", R"({"a":{"z":0,"x":1,"y":3}})"},
             {"a: {'<<': 1}", R"({"a":{"<<":1}})"},
             {"a:\n  <<: 1\n", "! line 2, column 7: only mappings can be merged"},
             {"a:\n  <<: {x: 1}\n  <<: {y: 1}\n",
              "! line 3, column 3: a member stands here for the second time"}});
}

TEST(Document, YamlsEscapesOfNextLineAndHardSpaceAreTheirCodePoints) {
  checkJson({{R"("\N": "x\_\N")", "{\"\xc2\x85\":\"x\xc2\xa0\xc2\x85\"}"},
             {"a: \"\xc3\xa9\\N\xc3\xa9\"", "{\"a\":\"\xc3\xa9\xc2\x85\xc3\xa9\"}"}});
}

TEST(Document, WhatYamlCannotMeanIsAnErrorWithItsPlace) {
  checkJson({{"a: 1\na: 2", "! line 2, column 1: a member stands here for the second time"},
             {"1: a\n'1': b", "! line 2, column 1: a member stands here for the second time"},
             {"a: .nan", "! line 1, column 4: a number is infinite or not a number"},
             {"a: -.inf", "! line 1, column 4: a number is infinite or not a number"},
             {"? [x]\n: y", "! line 1, column 3: a key is no scalar"},
             {"a: !secret x",
              "! line 1, column 4: a tag is none of YAML's core schema, or does not fit its text"},
             {"a: !!binary QUJD",
              "! line 1, column 4: a tag is none of YAML's core schema, or does not fit its text"},
             {"a: &a [*a]", "! line 1, column 8: an alias stands inside of what it names"},
             {"a\n---\nb", "! line 1, column 1: it holds a second YAML document"},
             {"", "! line 1, column 1: it is empty"},
             {"a: \x01", "! line 1, column 1: not YAML: it has bytes that are no text"},
             {"a: \x04 b: c", "! line 1, column 1: not YAML: it has bytes that are no text"},
             {"a: \xff", "! line 1, column 1: not YAML: it has bytes that are no text"},
             {"a: b\0c"sv, "! line 1, column 1: not YAML: it has bytes that are no text"}});
}

TEST(Document, AnAnchorBombDoesNotExplode) {
  std::string bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n";
  for (int i = 1; i < 12; ++i) {
    auto const before = "*a" + std::to_string(i - 1);
    bomb += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [" + before;
    for (int k = 0; k < 8; ++k) bomb += ", " + before;
    bomb += "]\n";
  }
  STRCMP_CONTAINS("more than 100000 values", json(bomb).c_str());
}

TEST(Document, ChainsOfAnchorsCountAsDepth) {
  std::string chain = "a0: &a0 [x]\n";
  for (int i = 1; i < 200; ++i) {
    chain += "a" + std::to_string(i) + ": &a" + std::to_string(i);
    chain += " [*a" + std::to_string(i - 1) + "]\n";
  }
  STRCMP_CONTAINS("deeper than 64", json(chain).c_str());
}

TEST(Document, DepthAndSizeHaveLimits) {
  STRCMP_EQUAL((repeated("[", 64) + repeated("]", 64)).c_str(),
               json(repeated("[", 64) + repeated("]", 64)).c_str());
  STRCMP_CONTAINS("deeper than 64", json(repeated("[", 65) + repeated("]", 65)).c_str());
  STRCMP_CONTAINS("deeper than 64", json(repeated("{\"a\":", 100'000)).c_str());
  STRCMP_CONTAINS("deeper than 64", json(repeated("- ", 100'000)).c_str());
  STRCMP_CONTAINS("more than 100000", json("[0" + repeated(",0", 100'000) + "]").c_str());
  STRCMP_CONTAINS("larger than 1 MiB", json(std::string(1'048'577, 'x')).c_str());
}

TEST(Document, AMessageNeverRepeatsTheValue) {
  for (auto const* text :
       {"{\"a\": hunter2", "hunter2: hunter2: hunter2", "a: *hunter2", "a: !hunter2 x",
        "a: \"\\hunter2\"", "hunter2: a\nhunter2: b", "[hunter2", "&hunter2 &hunter2 x"}) {
    auto const out = json(text);
    CHECK_TRUE_TEXT(out.starts_with("! ") && out.find("hunter2") == std::string::npos, out.c_str());
  }
}

TEST(Document, YamlIsWrittenSoThatItReadsBackAsTheSameValue) {
  std::vector<std::string_view> const texts{
      R"({"a":"yes","b":"1","c":"","d":"x: y","e":" x","f":"#x","g":"a\nb","h":"null","i":"~"})",
      R"([[1,[2,{"x":[]}]],{"a b":{"c":[{"d":1},{"e":{}}]}},"-","- a","\u00e9","\\"])",
      R"({"":{"<<":1},"n":-0,"t":true,"z":null,"q":"'\"","w":"\u0001\u007f\u2028"})",
      "a: 0755\nb: True\nc: 1.10\nd: 0x1F",
      "word",
      "[]",
      "{}",
      "'12'"};
  for (auto const text : texts) {
    auto const written = yaml(text);
    STRCMP_EQUAL(json(text).c_str(), json(written).c_str());
    STRCMP_EQUAL(written.c_str(), yaml(written).c_str());
  }
  STRCMP_EQUAL("a: 0755\nb: True\nc: 1.10", yaml("a: 0755\nb: True\nc: 1.10").c_str());
  STRCMP_EQUAL("a:\n  - x\n  - k:\n      z: 1", yaml("a: [x, {k: {z: 1}}]").c_str());
}

TEST(Document, NumbersCompareWithoutRounding) {
  CHECK_TRUE(compareNumbers("1.0", "1") == 0);
  CHECK_TRUE(compareNumbers("0.1e1", "10e-1") == 0);
  CHECK_TRUE(compareNumbers("-0", "0") == 0);
  CHECK_TRUE(compareNumbers("9007199254740993", "9007199254740992") > 0);
  CHECK_TRUE(compareNumbers("-9007199254740993", "-9007199254740992") < 0);
  CHECK_TRUE(compareNumbers("1e99999999999999999999", "1e400") > 0);
  CHECK_TRUE(compareNumbers("0e99999999999999999999", "0") == 0);
  CHECK_TRUE(compareNumbers("1e-400", "0") > 0);
  CHECK_TRUE(compareNumbers("-1e-400", "0") < 0);
  CHECK_TRUE(compareNumbers("0x10", "16") == 0);
}

TEST(Document, TextIsCountedAndReversedByCodePoints) {
  CHECK_EQUAL(4U, codePoints("a\u00e9\u20ac\U0001f600"));
  CHECK_TRUE(reversed("a\u00e9\U0001f600") ==
             "\U0001f600\u00e9"
             "a");
  CHECK_FALSE(isUtf8("\xc0\x80"));
  CHECK_FALSE(isUtf8("\xed\xa0\x80"));
  CHECK_FALSE(isUtf8("\xf4\x90\x80\x80"));
  CHECK_FALSE(isUtf8("\xe2\x82"));
  CHECK_TRUE(reversed("\xff\xfe") == "\xfe\xff");
}

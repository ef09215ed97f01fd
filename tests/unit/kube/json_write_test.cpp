// SPDX-License-Identifier: Apache-2.0
#include "kube/json_write.hpp"

#include <string>
#include <string_view>

#include "kube/base64.hpp"
#include "kube/json_read.hpp"

#include <CppUTest/TestHarness.h>

using namespace kms_secretd;
using namespace kms_secretd::kube;

namespace {

std::string written(std::string_view text) {
  JsonWriter json(0);
  json.text(text);
  return std::string(json.take().reveal());
}

std::string encoded(std::string_view bytes) {
  sdk::SecretBytes out;
  appendBase64(out, bytes);
  return std::string(out.reveal());
}

}  // namespace

TEST_GROUP(JsonWriter){};

TEST(JsonWriter, WritesCompactDocuments) {
  JsonWriter json(10);
  json.beginObject().member("a", "b").key("c").beginArray().text("d").number(-7).null().endArray();
  json.key("e").beginObject().endObject().key("f").base64("hi").key("g").raw("[1]").endObject();
  STRCMP_EQUAL(R"({"a":"b","c":["d",-7,null],"e":{},"f":"aGk=","g":[1]})",
               std::string(json.take().reveal()).c_str());
}

TEST(JsonWriter, EscapesWhatJsonAndYamlMisread) {
  STRCMP_EQUAL(R"("\"\\\u0000\u000a\u001f\u007f")", written({"\"\\\0\n\x1f\x7f", 6}).c_str());
  STRCMP_EQUAL(R"("\u0085\u2028\u2029\ufeff\ufffe\uffff")",
               written("\u0085\u2028\u2029\uFEFF\uFFFE\uFFFF").c_str());
  STRCMP_EQUAL("\"\u00e4\u20ac\U0001F600 /<>&'\"", written("\u00e4\u20ac\U0001F600 /<>&'").c_str());
}

TEST(JsonWriter, ReplacesBytesThatAreNotUtf8) {
  for (auto const* bad : {"\x80", "\xC0\xAF", "\xED\xA0\x80", "\xF4\x90\x80\x80", "\xE2\x82",
                          "\xF8\x88\x80\x80", "\xFF"}) {
    auto const text = written(bad);
    CHECK(text.starts_with("\"\\ufffd"));
    CHECK(parseJson(text).has_value());
  }
}

TEST(JsonWriter, EncodesBase64OfEveryLength) {
  STRCMP_EQUAL("", encoded("").c_str());
  STRCMP_EQUAL("AA==", encoded({"\0", 1}).c_str());
  STRCMP_EQUAL("Zm8=", encoded("fo").c_str());
  STRCMP_EQUAL("Zm9v", encoded("foo").c_str());
  STRCMP_EQUAL("Zm9vYmFy", encoded("foobar").c_str());
  STRCMP_EQUAL("++//", encoded("\xFB\xEF\xFF").c_str());
}

TEST(JsonWriter, DecodesWhatItEncodes) {
  std::string bytes;
  for (int i = 0; i < 600; ++i) {
    bytes += static_cast<char>(i * 7);
    auto const decoded = decodeBase64(encoded(bytes));
    CHECK(decoded.has_value());
    CHECK(decoded->reveal() == bytes);
  }
}

TEST(JsonWriter, RefusesWhatIsNotBase64) {
  for (auto const* bad :
       {"A", "AA", "AAA", "AA=", "A===", "AA==A", "A=A=", "AAAA=", "====", "A*AA", "AA==AA=="}) {
    CHECK_TEXT(!decodeBase64(bad).has_value(), bad);
  }
  CHECK(decodeBase64(" QU\nJD\r\n ")->reveal() == "ABC");
}

// SPDX-License-Identifier: Apache-2.0
#include "alicloud/json_document.hpp"

#include <algorithm>
#include <cstdlib>
#include <string>

#include <boost/json.hpp>

#include "alicloud/wiping_resource.hpp"

#include <CppUTest/TestHarness.h>

namespace json = boost::json;
using namespace kms_secretd::alicloud;

namespace {

std::string problemOf(std::string_view text, JsonLimits const& limits = {}) {
  return parseJson(text, {}, limits).problem;
}

// Hands out heap blocks and looks at each when it comes back.
class Inspector final : public json::memory_resource {
 public:
  std::size_t blocks = 0;
  std::size_t dirty = 0;

 private:
  void* do_allocate(std::size_t bytes, std::size_t) override {
    ++blocks;
    return std::malloc(bytes);
  }
  void do_deallocate(void* block, std::size_t bytes, std::size_t) override {
    auto const* begin = static_cast<unsigned char const*>(block);
    if (!std::all_of(begin, begin + bytes, [](unsigned char c) { return c == 0; })) ++dirty;
    std::free(block);
  }
  [[nodiscard]] bool do_is_equal(json::memory_resource const& other) const noexcept override {
    return this == &other;
  }
};

std::string secretDocument() {
  std::string text =
      R"({"SecretData":"CANARY-)" + std::string(5000, 'x') + R"(","short":"CANARY",)";
  return text + R"("escaped":"CAN\u0041RY\n)" + std::string(9000, 'y') +
         R"(","list":["CANARY",1]})";
}

}  // namespace

TEST_GROUP(JsonDocuments){};

TEST(JsonDocuments, KeepsEveryKindOfValue) {
  auto const document = parseJson(
      R"({"t":"a\u00e9\ud83d\udd11\u0000b","i":-1,"u":18446744073709551615,"d":1.5,"b":true,"n":null,)"
      R"("l":[1,[2]],"o":{"t":1}} )",
      {});
  STRCMP_EQUAL("", document.problem.c_str());
  auto const& root = document.root.as_object();
  CHECK(root.at("t").as_string() == std::string("a\xC3\xA9\xF0\x9F\x94\x91\0b", 9));
  LONGS_EQUAL(-1, root.at("i").as_int64());
  CHECK(root.at("u").as_uint64() == 18446744073709551615ULL);
  CHECK(root.at("d").as_double() == 1.5);
  CHECK(root.at("b").as_bool());
  CHECK(root.at("n").is_null());
  LONGS_EQUAL(2, root.at("l").as_array().size());
  LONGS_EQUAL(1, root.at("o").as_object().at("t").as_int64());
}

TEST(JsonDocuments, KeepsAStringThatIsLongerThanAnyBuffer) {
  std::string const value(300'000, 'v');
  auto const document = parseJson(R"({"k":"\n)" + value + R"("})", {});
  CHECK(document.ok());
  CHECK(document.root.at("k").as_string() == "\n" + value);
}

TEST(JsonDocuments, RefusesAMemberThatComesTwice) {
  STRCMP_EQUAL("the same member twice in one object", problemOf(R"({"a":1,"a":1})").c_str());
  STRCMP_EQUAL("the same member twice in one object", problemOf(R"({"a":1,"\u0061":2})").c_str());
  STRCMP_EQUAL("the same member twice in one object", problemOf(R"([{"x":{"":1,"":2}}])").c_str());
}

TEST(JsonDocuments, TakesTheSameNameInDifferentObjects) {
  STRCMP_EQUAL("", problemOf(R"({"a":{"a":{"a":1},"b":2},"b":[{"a":1},{"a":2}]})").c_str());
}

TEST(JsonDocuments, FindsADuplicateWithAKeyLongerThanAnyBuffer) {
  std::string const key = "\"\\n" + std::string(200'000, 'k') + "\":1";
  STRCMP_EQUAL("the same member twice in one object",
               problemOf("{" + key + "," + key + "}").c_str());
}

TEST(JsonDocuments, RefusesGarbage) {
  for (auto const* text : {"{a:1}",
                           "{'a':1}",
                           "{\"a\":1,}",
                           "[1,]",
                           "[1 2]",
                           "{\"a\" 1}",
                           "// c\n{}",
                           "{}{}",
                           "{}x",
                           "nul",
                           "truex",
                           "01",
                           "+1",
                           ".5",
                           "NaN",
                           "\"\x01\"",
                           "\"\\x\"",
                           "\"\\ud800\"",
                           "\"\xFF\"",
                           "\"\xC0\x80\"",
                           "\xEF\xBB\xBF{}",
                           "\"\xED\xA0\x80\"",
                           "]",
                           "}",
                           "\x00"}) {
    CHECK_FALSE_TEXT(problemOf(text).empty(), text);
  }
}

TEST(JsonDocuments, SaysThatATruncatedDocumentIsTruncated) {
  auto const whole = secretDocument();
  for (std::size_t size = 0; size < whole.size(); size += size < 100 ? 1 : 97) {
    STRCMP_EQUAL("truncated JSON", problemOf(whole.substr(0, size)).c_str());
  }
}

TEST(JsonDocuments, SurvivesEveryChangedByte) {
  std::string const whole = R"({"a":"\u00e9x","b":[1,-2.5e3,{"c":null}],"d":true})";
  int refused = 0;
  for (std::size_t at = 0; at < whole.size(); ++at) {
    for (int value = 0; value < 256; ++value) {
      auto text = whole;
      text[at] = static_cast<char>(value);
      if (!parseJson(text, wipingStorage()).ok()) ++refused;
    }
  }
  CHECK(refused > 1000);
}

TEST(JsonDocuments, RefusesGiants) {
  STRCMP_EQUAL("larger than the limit",
               problemOf("\"" + std::string(1024 * 1024, 'a') + "\"").c_str());
  STRCMP_EQUAL("larger than the limit", problemOf("[1,2]", {.maxBytes = 4}).c_str());
  STRCMP_EQUAL("", problemOf("[1,2]", {.maxBytes = 5}).c_str());
}

TEST(JsonDocuments, RefusesDepth) {
  STRCMP_EQUAL("", problemOf("[[1]]", {.maxDepth = 2}).c_str());
  STRCMP_EQUAL("nested too deeply", problemOf("[[[1]]]", {.maxDepth = 2}).c_str());
  STRCMP_EQUAL("nested too deeply", problemOf(std::string(1'000'000, '[')).c_str());
}

TEST(JsonDocuments, TakesAnObjectOfManyMembersWithoutSlowingDown) {
  std::string text = "{";
  for (int i = 0; i < 60'000; ++i) text += "\"k" + std::to_string(i) + "\":1,";
  text += "\"last\":1}";
  CHECK(parseJson(text, {}).ok());
}

TEST_GROUP(WipingResources){};

TEST(WipingResources, EveryBlockOfADocumentIsWipedBeforeItIsGivenBack) {
  Inspector inspector;
  WipingResource wiping(&inspector);
  CHECK(parseJson(secretDocument(), &wiping).ok());
  CHECK(inspector.blocks > 5);
  LONGS_EQUAL(0, inspector.dirty);
}

TEST(WipingResources, TheInspectorWouldSeeABlockThatIsNotWiped) {
  Inspector inspector;
  CHECK(parseJson(secretDocument(), &inspector).ok());
  CHECK(inspector.dirty > 0);
}

TEST(WipingResources, ARefusedDocumentIsWipedAsWell) {
  auto const whole = secretDocument();
  for (std::size_t size = 0; size < whole.size(); size += 101) {
    Inspector inspector;
    WipingResource wiping(&inspector);
    CHECK_FALSE(parseJson(whole.substr(0, size), &wiping).ok());
    LONGS_EQUAL(0, inspector.dirty);
  }
}

TEST(WipingResources, TakesFromTheHeapWithTheWantedAlignment) {
  auto const storage = wipingStorage();
  for (std::size_t const alignment : {1, 8, 16, 64}) {
    void* block = storage->allocate(100, alignment);
    LONGS_EQUAL(0, reinterpret_cast<std::uintptr_t>(block) % alignment);
    storage->deallocate(block, 100, alignment);
  }
}

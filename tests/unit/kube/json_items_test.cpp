// SPDX-License-Identifier: Apache-2.0
#include "kube/json_items.hpp"

#include <string>
#include <vector>

#include <boost/json/serialize.hpp>

#include <CppUTest/TestHarness.h>

using namespace kms_secretd::kube;

namespace {

class Collected final : public JsonItemSink {
 public:
  bool onItem(boost::json::object const& item) override {
    items.push_back(boost::json::serialize(item));
    return items.size() < most;
  }
  bool onListMetadata(boost::json::object const& metadata) override {
    own.push_back(boost::json::serialize(metadata));
    return true;
  }

  std::vector<std::string> items{};
  std::vector<std::string> own{};
  std::size_t most = 1000;
};

std::string const list =
    R"({"kind":"L","metadata":{"continue":"c","x":{"items":[{"no":1}]}},"other":[{"items":[{"no":2}]}],)"
    R"("items":[{"a":[1,-2.5,18446744073709551615,true,null,"t\u00e4\n"]},7,[{"no":3}],{"items":[{}],"metadata":{}}],)"
    R"("a very long key that is not items":{"items":[{"no":4}]},"end":{}} )";

std::string const events =
    "{\"type\":\"ADDED\",\"items\":[{\"x\":1}]}\n{\"type\":\"B\"}\n\n {\"metadata\":{}}{\"d\":0}\n";

// What reading `text` in pieces of `piece` bytes gave; "broken" where it was refused.
std::string readIn(JsonItems::Shape shape, std::string const& text, std::size_t piece) {
  Collected found;
  JsonItems items(shape, found);
  for (std::size_t at = 0; at < text.size(); at += piece) {
    if (!items.write(std::string_view(text).substr(at, piece))) return "broken";
  }
  std::string all = items.whole() ? "whole" : "part";
  for (auto const& own : found.own) all += " own" + own;
  for (auto const& item : found.items) all += " " + item;
  return all;
}

}  // namespace

TEST_GROUP(JsonItems){};

TEST(JsonItems, FindTheItemsOfAListHoweverItIsCut) {
  for (std::size_t piece = 1; piece <= list.size(); ++piece) {
    STRCMP_EQUAL(
        R"(whole own{"continue":"c","x":{"items":[{"no":1}]}} {"a":[1,-2.5E0,18446744073709551615,true,null,"tä\n"]} {"items":[{}],"metadata":{}})",
        readIn(JsonItems::Shape::list, list, piece).c_str());
  }
}

TEST(JsonItems, FindTheDocumentsOfAStreamHoweverItIsCut) {
  for (std::size_t piece = 1; piece <= events.size(); ++piece) {
    STRCMP_EQUAL(R"(whole {"type":"ADDED","items":[{"x":1}]} {"type":"B"} {"metadata":{}} {"d":0})",
                 readIn(JsonItems::Shape::stream, events, piece).c_str());
  }
}

TEST(JsonItems, TellWhereTheTextWasCut) {
  for (std::size_t size = 1; size + 1 < list.size(); ++size) {
    auto const cut = readIn(JsonItems::Shape::list, list.substr(0, size), 5);
    CHECK_TEXT(cut.starts_with("part"), cut.c_str());
  }
  STRCMP_EQUAL("part {\"a\":1}", readIn(JsonItems::Shape::stream, "{\"a\":1}\n{\"b\"", 3).c_str());
  STRCMP_EQUAL("whole", readIn(JsonItems::Shape::stream, "", 1).c_str());
  STRCMP_EQUAL("part", readIn(JsonItems::Shape::list, "", 1).c_str());
}

TEST(JsonItems, RefuseWhatIsNotJson) {
  for (auto const* text : {"<html>", "{]", "{\"a\":1}}", "{\"a\" 1}", "\xFF", "{\"a\":\"\x01\"}"}) {
    STRCMP_EQUAL("broken", readIn(JsonItems::Shape::stream, text, 2).c_str());
    STRCMP_EQUAL("broken", readIn(JsonItems::Shape::list, text, 2).c_str());
  }
  STRCMP_EQUAL("broken", readIn(JsonItems::Shape::list, "{} {}", 2).c_str());
}

TEST(JsonItems, TakeOtherKindsOfDocumentsForEmpty) {
  STRCMP_EQUAL("whole", readIn(JsonItems::Shape::list, "[{\"items\":[{}]}] ", 4).c_str());
  STRCMP_EQUAL("whole", readIn(JsonItems::Shape::list, "{\"items\":{\"a\":{}}}", 4).c_str());
}

TEST(JsonItems, SurviveEveryByteBeingWrong) {
  for (auto const shape : {JsonItems::Shape::list, JsonItems::Shape::stream}) {
    auto text = shape == JsonItems::Shape::list ? list : events;
    for (std::size_t at = 0; at < text.size(); ++at) {
      char const was = text[at];
      for (char const other : {'\0', '{', ']', '"', '\xC3', '9'}) {
        text[at] = other;
        CHECK(!readIn(shape, text, 3).empty());
      }
      text[at] = was;
    }
  }
}

TEST(JsonItems, RefuseAnItemThatIsTooLargeButNoLongList) {
  Collected found;
  JsonItems large(JsonItems::Shape::list, found, 10'000);
  CHECK(large.write("{\"items\":[{\"a\":\""));
  bool taken = true;
  for (int i = 0; i < 20 && taken; ++i) taken = large.write(std::string(1000, 'x'));
  CHECK_FALSE(taken);

  Collected many;
  many.most = 1'000'000;
  JsonItems longList(JsonItems::Shape::list, many, 10'000);
  CHECK(longList.write("{\"items\":[{}"));
  for (int i = 0; i < 20'000; ++i) CHECK(longList.write(",{\"a\":1}"));
  CHECK(longList.write("]}"));
  CHECK(longList.whole());
  CHECK_EQUAL(20'001U, many.items.size());
}

TEST(JsonItems, RefuseManyTinyMembersOfOneItem) {
  Collected found;
  JsonItems items(JsonItems::Shape::stream, found, 10'000);
  CHECK(items.write("{\"a\":["));
  bool taken = true;
  for (int i = 0; i < 2000 && taken; ++i) taken = items.write("1,");
  CHECK_FALSE(taken);
}

TEST(JsonItems, RefuseDeepNesting) {
  for (auto const shape : {JsonItems::Shape::list, JsonItems::Shape::stream}) {
    STRCMP_EQUAL("broken", readIn(shape, "{\"items\":[" + std::string(100'000, '['), 4096).c_str());
    std::string deep;
    for (int i = 0; i < 1000; ++i) deep += "{\"a\":";
    STRCMP_EQUAL("broken", readIn(shape, deep, 4096).c_str());
  }
}

TEST(JsonItems, EndWhereTheSinkWantsNoMore) {
  Collected found;
  found.most = 2;
  JsonItems items(JsonItems::Shape::stream, found);
  CHECK(items.write("{\"a\":1}"));
  CHECK_FALSE(items.write("{\"b\":1}{\"c\":1}"));
  CHECK_EQUAL(2U, found.items.size());
}

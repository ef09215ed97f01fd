// SPDX-License-Identifier: Apache-2.0
#include <string>

#include "emulator/control/fault_json.hpp"
#include "emulator/control/fields.hpp"
#include "emulator/faults/fault_book.hpp"

#include <CppUTest/TestHarness.h>

using namespace kms_secretd::emulator;

TEST_GROUP(FaultBook) {
  FaultBook book;
  Exchange exchange;

  void setup() override {
    exchange.operation = "GetSecretValue";
    exchange.secret = "app/db";
    exchange.accessKey = "k";
  }

  std::int64_t add(const std::string& json) {
    return book.add(parseFault(boost::json::parse(json)));
  }

  // One letter per request: x = hit, . = spared.
  std::string pattern(int requests) {
    std::string out;
    for (int i = 0; i < requests; ++i) out += book.strikeReply(exchange) ? 'x' : '.';
    return out;
  }
};

#define PATTERN(expected) STRCMP_EQUAL(expected, pattern(sizeof(expected) - 1).c_str())

TEST(FaultBook, WithoutRulesNothingFails) { PATTERN("....."); }

TEST(FaultBook, ARuleStrikesUntilItIsCleared) {
  add(R"({"kind":"black_hole"})");
  PATTERN("xxxx");
  book.clear();
  PATTERN("..");
}

TEST(FaultBook, CountSkipAndEveryMakeASchedule) {
  const auto id = add(R"({"kind":"black_hole","count":3})");
  PATTERN("xxx..");
  CHECK_TRUE(book.erase(id));
  CHECK_FALSE(book.erase(id));
  add(R"({"kind":"black_hole","every":2})");
  PATTERN(".x.x.x");
  book.clear();
  add(R"({"kind":"black_hole","skip":2,"every":3,"count":2})");
  PATTERN("....x..x....");
}

TEST(FaultBook, RulesMatchOperationSecretAndKey) {
  add(R"({"kind":"black_hole","operation":"ListSecrets"})");
  add(R"({"kind":"black_hole","secret":"other"})");
  add(R"({"kind":"black_hole","access_key":"other"})");
  PATTERN("..");
  add(R"({"kind":"reset","operation":"GetSecretValue","secret":"app/db","access_key":"k"})");
  PATTERN("xx");
}

TEST(FaultBook, WhereTheFirstRuleIsNotDueTheNextGetsItsTurn) {
  add(R"({"kind":"black_hole","every":2})");
  const auto second = add(R"({"kind":"reset","count":1})");
  CHECK_EQUAL(second, book.strikeReply(exchange)->rule);
  CHECK_TRUE(book.strikeReply(exchange)->fault.kind == FaultKind::blackHole);
  PATTERN(".x");
}

TEST(FaultBook, TlsRulesStrikeConnectionsNotRequests) {
  add(R"({"kind":"tls","count":1})");
  PATTERN("...");
  CHECK_TRUE(book.strikeConnection().has_value());
  CHECK_FALSE(book.strikeConnection().has_value());
}

TEST(FaultBook, DescribesItsRules) {
  add(R"({"kind":"error","code":"Rejected.Throttling","status":429,"every":2})");
  pattern(3);
  STRCMP_EQUAL(R"({"id":1,"kind":"error","operation":"","secret":"","access_key":"","skip":0,)"
               R"("every":2,"count":null,"seen":3,"fired":1})",
               boost::json::serialize(describeFault(book.rules().front())).c_str());
}

TEST(FaultBook, RefusesRulesThatMakeNoSense) {
  for (const char* json :
       {"{}", "[]", "1", R"({"kind":"nonsense"})", R"({"kind":"error"})", R"({"kind":"redirect"})",
        R"({"kind":"reset","at":"nowhere"})", R"({"kind":"drip","interval_ms":-1})",
        R"({"kind":"drip","every":0})", R"({"kind":"latency"})", R"({"kind":"huge","bytes":-2})",
        R"({"kind":"error","code":"X","status":20})", R"({"kind":"error","code":"X","form":"y"})",
        R"({"kind":"reset","typo":1})", R"({"kind":"reset","count":"3"})",
        R"({"kind":"error","code":"X","headers":{"A":1}})"}) {
    CHECK_THROWS(BadInput, parseFault(boost::json::parse(json)));
  }
}

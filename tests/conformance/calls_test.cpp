// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <atomic>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "conformance/loaded_backend.hpp"
#include "conformance/suite.hpp"
#include "conformance/test_cancellation.hpp"

#include <CppUTest/TestHarness.h>

using namespace kms_secretd;  // NOLINT(google-build-using-namespace)
using kms_secretd::conformance::kindOf;
using kms_secretd::conformance::shown;

TEST_GROUP(ConformanceOfCalls) { conformance::Suite suite; };

TEST(ConformanceOfCalls, ADeadlineThatHasPassedIsATimeOut) {
  suite.put("conformance-late", "value");
  auto request = suite.request("conformance-late");
  for (auto const late : {sdk::Milliseconds{0}, sdk::Milliseconds{60'000}}) {
    request.deadline = suite.fixture().clock().boot() - late;
    auto const result = suite.fixture().backend().fetch(request);
    STRCMP_EQUAL("timed_out", kindOf(result).c_str());
    STRCMP_CONTAINS("conformance-late", result.failure().message.c_str());
  }
  CHECK_TRUE(suite.fetch("conformance-late").ok());
}

TEST(ConformanceOfCalls, ACancelledCallReturnsAndDoesNotSpoilTheNext) {
  suite.put("conformance-cancelled", "value");
  conformance::TestCancellation cancellation;
  cancellation.request();
  auto request = suite.request("conformance-cancelled");
  request.cancellation = &cancellation;
  auto const kind = kindOf(suite.fixture().backend().fetch(request));
  CHECK_TRUE(kind == "ok" || kind == "internal");
  STRCMP_EQUAL("value", shown(suite.fetch("conformance-cancelled")).c_str());
}

TEST(ConformanceOfCalls, ACallThatHangsEndsWhenItIsCancelled) {
  suite.put("conformance-stalled", "value");
  if (!suite.fixture().stall("conformance-stalled")) return;
  conformance::TestCancellation cancellation;
  auto request = suite.request("conformance-stalled");
  request.cancellation = &cancellation;
  std::string kind;
  std::thread caller([&] { kind = kindOf(suite.fixture().backend().fetch(request)); });
  cancellation.request();
  caller.join();
  STRCMP_EQUAL("internal", kind.c_str());
}

TEST(ConformanceOfCalls, BearsAsManyCallsAtOnceAsItDeclares) {
  auto const threads = std::min<std::uint32_t>(suite.fixture().plugin().maxParallel(), 32);
  for (std::uint32_t each = 0; each < threads; ++each) {
    suite.put("conformance-" + std::to_string(each), "value of " + std::to_string(each));
  }
  std::atomic<std::uint32_t> right{0};
  auto const reader = [&](std::uint32_t number) {
    auto const digits = std::to_string(number);
    for (int round = 0; round < 20; ++round) {
      right += shown(suite.fetch("conformance-" + digits)) == "value of " + digits ? 1U : 0U;
    }
  };
  std::vector<std::thread> readers;
  for (std::uint32_t each = 0; each < threads; ++each) readers.emplace_back(reader, each);
  for (auto& each : readers) each.join();
  CHECK_EQUAL(threads * 20U, right.load());
}

TEST(ConformanceOfCalls, CanBeDestroyedAndMadeAgain) {
  suite.put("conformance-remade", "value");
  for (int round = 0; round < 3; ++round) {
    STRCMP_EQUAL("value", shown(suite.fetch("conformance-remade")).c_str());
    suite.fixture().remake();
  }
  suite.fixture().remake();
}

TEST(ConformanceOfCalls, OptionsThatItDoesNotDeclareNeverReachIt) {
  conformance::GivenOptions const stranger{{"no_such_option", sdk::OptionValue{true}}};
  CHECK_THROWS(std::invalid_argument, static_cast<void>(conformance::completed(
                                          suite.fixture().plugin().options(), stranger)));
}

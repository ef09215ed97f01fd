// SPDX-License-Identifier: Apache-2.0
#include <set>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "core/shared_text.hpp"

#include <CppUTest/TestHarness.h>

using kms_secretd::core::SharedText;

TEST_GROUP(SharedText){};

TEST(SharedText, IsAsLargeAsAPointer) { LONGS_EQUAL(sizeof(void*), sizeof(SharedText)); }

TEST(SharedText, IsEmptyUnlessToldOtherwise) {
  CHECK_TRUE(SharedText().empty() && SharedText("").empty() && SharedText(std::string()).empty());
  STRCMP_EQUAL("", SharedText().c_str());
  CHECK_TRUE(SharedText() == SharedText(""));
}

TEST(SharedText, IsSharedByItsCopies) {
  SharedText const text("payments");
  SharedText copy(text);
  SharedText assigned;
  assigned = copy;
  CHECK_TRUE(text.sharedWith(copy) && text.sharedWith(assigned));
  CHECK_FALSE(text.sharedWith(SharedText("payments")));
}

TEST(SharedText, OutlivesWhatItWasCopiedFrom) {
  SharedText copy;
  {
    SharedText const text(std::string(100, 'x'));
    copy = text;
  }
  LONGS_EQUAL(100, copy.size());
}

TEST(SharedText, SurvivesAssignmentToItself) {
  SharedText text("db");
  auto& same = text;
  text = same;
  STRCMP_EQUAL("db", text.c_str());
}

TEST(SharedText, LeavesNothingBehindWhenMoved) {
  SharedText text("db");
  SharedText const moved(std::move(text));
  STRCMP_EQUAL("db", moved.c_str());
}

TEST(SharedText, ComparesByWhatIsWritten) {
  CHECK_TRUE(SharedText("a") == SharedText("a"));
  CHECK_TRUE(SharedText("a") != SharedText("b"));
  CHECK_TRUE(SharedText("a") < SharedText("b"));
  CHECK_TRUE(SharedText("a") == "a" && "a" == SharedText("a"));
  CHECK_TRUE(SharedText("a") == std::string("a") && SharedText("a") < std::string("b"));
  std::set<SharedText> const names{"b", "a", "b"};
  LONGS_EQUAL(2, names.size());
  STRCMP_EQUAL("a", names.begin()->c_str());
}

TEST(SharedText, IsWrittenIntoSentencesLikeAString) {
  SharedText const name("db");
  STRCMP_EQUAL("ns/db!", ("ns/" + name + "!").c_str());
  STRCMP_EQUAL("db/db", (name + "/" + name).c_str());
  STRCMP_EQUAL("dbdb", (name + name).c_str());
  STRCMP_EQUAL("db+x", (name + std::string("+x")).c_str());
}

TEST(SharedText, IsCopiedAndDroppedByManyThreads) {
  SharedText const text(std::string(64, 'n'));
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&text] {
      for (int n = 0; n < 10'000; ++n) {
        auto const copy = text;
        auto const another = copy;
        if (!another.sharedWith(text)) std::terminate();
      }
    });
  }
  for (auto& thread : threads) thread.join();
  LONGS_EQUAL(64, text.size());
}

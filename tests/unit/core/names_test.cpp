// SPDX-License-Identifier: Apache-2.0
#include <string>

#include "core/definition.hpp"
#include "core/fetched.hpp"
#include "core/observed.hpp"

#include <CppUTest/TestHarness.h>

namespace core = kms_secretd::core;

TEST_GROUP(Names){};

TEST(Names, SayPlacesAsCompilersDo) {
  CHECK_EQUAL(std::string("a.toml:3:7"), (core::Origin{"a.toml", 3, 7}.text()));
}

TEST(Names, LeaveTheDefaultClusterOut) {
  CHECK_EQUAL(std::string("ns/db"), (core::TargetId{"default", "ns", "db"}.text()));
  CHECK_EQUAL(std::string("edge:ns/db"), (core::TargetId{"edge", "ns", "db"}.text()));
}

TEST(Names, TellStagesAndPinnedVersionsApart) {
  CHECK_EQUAL(std::string("s/a/b"), (core::SourceRef{"s", "a/b", "", ""}.text()));
  CHECK_EQUAL(std::string("s/a@ACSPrevious"),
              (core::SourceRef{"s", "a", "ACSPrevious", ""}.text()));
  CHECK_EQUAL(std::string("s/a#v1"), (core::SourceRef{"s", "a", "", "v1"}.text()));
}

TEST(Names, AllPinnedMeansThatNothingCanMove) {
  core::TargetDefinition definition;
  definition.data.push_back({.source = {"s", "a", "", "v1"}, .key = "a"});
  CHECK_TRUE(definition.allPinned());
  definition.data.push_back({.source = {"s", "b", "", ""}, .key = "b"});
  CHECK_FALSE(definition.allPinned());
}

TEST(Names, ReadsAreDistinctAndInTheOrderOfTheirFirstUse) {
  core::TargetDefinition definition;
  for (auto const* name : {"b", "a", "b"}) {
    definition.data.push_back({.source = {"s", name, "", ""}, .key = name});
  }
  auto const reads = definition.reads();
  CHECK_EQUAL(2U, reads.size());
  CHECK_EQUAL(std::string("b"), reads.front().name);
}

TEST(Names, OnlyAnApplyEntryOfAManagerIsItsApplyEntry) {
  core::Observed observed;
  observed.managed.push_back({.manager = "m", .apply = false});
  CHECK_TRUE(observed.appliedBy("m") == nullptr);
  observed.managed.push_back({.manager = "m", .apply = true});
  CHECK_TRUE(observed.appliedBy("m") == &observed.managed.back());
}

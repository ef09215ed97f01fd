// SPDX-License-Identifier: Apache-2.0
#include "kube/observed_store.hpp"

#include <string>

#include "kube/observed_codec.hpp"

#include <CppUTest/TestHarness.h>

using namespace kms_secretd;
using namespace kms_secretd::kube;

namespace {

core::TargetId id(std::string const& name) { return {.namespaceName = "n", .name = name}; }

std::shared_ptr<core::TargetDefinition const> definition(std::string const& name) {
  auto target = std::make_shared<core::TargetDefinition>();
  target->id = id(name);
  target->labels.kept() = {{"team", "a"}};
  target->annotations.kept() = {{"note", "b"}};
  return target;
}

core::Observed observed(std::string const& version) {
  core::Observed seen;
  seen.exists = true;
  seen.uid = "95a9dc72-9121-4855-8fc7-a74a241b6503";
  seen.resourceVersion = version;
  seen.labels = {{"kms-secretd.io/instance", "default"}, {"team", "a"}, {"foreign", "f"}};
  seen.annotations = {
      {"kms-secretd.io/keys", "a,b"}, {"note", "canary"}, {"last-applied", "canary"}};
  seen.managed = {{.manager = "kms-secretd/default",
                   .apply = true,
                   .dataKeys = {"a", "b"},
                   .labels = {"kms-secretd.io/instance", "old", "team"},
                   .annotations = {"kms-secretd.io/keys", "note"},
                   .type = true},
                  {.manager = "kubectl",
                   .dataKeys = {"c"},
                   .labels = {"foreign", "old", "team"},
                   .annotations = {"last-applied", "note"},
                   .wholeAnnotations = true}};
  return seen;
}

}  // namespace

TEST_GROUP(ObservedStore) {
  ObservedStore store{{definition("b"), definition("a"), definition("c")}, "kms-secretd/default"};
};

TEST(ObservedStore, KnowsNothingAtFirst) {
  CHECK_FALSE(store.find(id("a")).has_value());
  CHECK(store.isTarget("n", "a"));
  CHECK_FALSE(store.isTarget("n", "d"));
  CHECK_FALSE(store.isTarget("m", "a"));
  CHECK_EQUAL(0U, store.known());
}

TEST(ObservedStore, MayBeTakenForAbsentOnceWhereNothingIsKnown) {
  CHECK(store.presumeAbsent(id("a")));
  CHECK_FALSE(store.presumeAbsent(id("a")));
  CHECK(store.presumeAbsent(id("b")));
  CHECK_FALSE(store.presumeAbsent(id("d")));
  store.record(id("c"), observed("7"));
  CHECK_FALSE(store.presumeAbsent(id("c")));
}

TEST(ObservedStore, WhatOthersMayHaveMadeIsNeverTakenForAbsent) {
  auto adopted = *definition("a");
  adopted.adopt = core::AdoptPolicy::if_equal;
  auto merged = *definition("b");
  merged.creation = core::CreationPolicy::merge;
  ObservedStore others{{std::make_shared<core::TargetDefinition const>(adopted),
                        std::make_shared<core::TargetDefinition const>(merged)},
                       "kms-secretd/default"};
  CHECK_FALSE(others.presumeAbsent(id("a")));
  CHECK_FALSE(others.presumeAbsent(id("b")));
}

TEST(ObservedStore, KeepsOfAStrayOnlyOurMarksAndWhetherWeHoldThem) {
  store.recordStray("n", "left", observed("7"));
  int visits = 0;
  store.visitOurs("n", [&](std::string_view name, core::Observed const& kept) {
    ++visits;
    CHECK(name == "left");
    CHECK(kept.exists);
    STRCMP_EQUAL("95a9dc72-9121-4855-8fc7-a74a241b6503", kept.uid.c_str());
    STRCMP_EQUAL("7", kept.resourceVersion.c_str());
    CHECK((kept.annotations == std::map<std::string, std::string>{{"kms-secretd.io/keys", "a,b"}}));
    CHECK_EQUAL(1U, kept.managed.size());
    CHECK(kept.managed.front().apply && kept.managed.front().dataKeys.empty());
    CHECK((kept.managed.front().labels == std::vector<std::string>{"kms-secretd.io/instance"}));
    CHECK((kept.managed.front().annotations == std::vector<std::string>{"kms-secretd.io/keys"}));
  });
  CHECK_EQUAL(1, visits);
  store.visitOurs("m", [&](auto const&, auto const&) { FAIL("another namespace"); });
  CHECK_FALSE(store.find(id("left")).has_value());
  CHECK_EQUAL(0U, store.known());
}

TEST(ObservedStore, KeepsWhatDecisionsLookAtAndNoMore) {
  CHECK(store.record(id("a"), observed("7")) == Change::changed);
  auto const kept = *store.find(id("a"));
  CHECK(kept.exists);
  STRCMP_EQUAL("95a9dc72-9121-4855-8fc7-a74a241b6503", kept.uid.c_str());
  STRCMP_EQUAL("7", kept.resourceVersion.c_str());
  CHECK(
      (kept.labels == std::map<std::string, std::string>{{"kms-secretd.io/instance", "default"}}));
  CHECK((kept.annotations == std::map<std::string, std::string>{{"kms-secretd.io/keys", "a,b"}}));
  CHECK_EQUAL(2U, kept.managed.size());
  CHECK(kept.managed[0].apply && kept.managed[0].type);
  CHECK((kept.managed[0].dataKeys == std::vector<std::string>{"a", "b"}));
  CHECK((kept.managed[0].labels ==
         std::vector<std::string>{"kms-secretd.io/instance", "old", "team"}));
  CHECK((kept.managed[1].dataKeys == std::vector<std::string>{"c"}));
  CHECK((kept.managed[1].labels == std::vector<std::string>{"old", "team"}));
  CHECK((kept.managed[1].annotations == std::vector<std::string>{"note"}));
  CHECK(kept.managed[1].wholeAnnotations && !kept.managed[1].wholeData);
}

TEST(ObservedStore, OnlyRecordsANewVersionOfTheSame) {
  CHECK(store.record(id("a"), observed("7")) == Change::changed);
  auto again = observed("8");
  for (int i = 0; i < 1000; ++i) again.annotations["foreign-" + std::to_string(i)] = "x";
  CHECK(store.record(id("a"), again) == Change::none);
  STRCMP_EQUAL("8", store.find(id("a"))->resourceVersion.c_str());
}

TEST(ObservedStore, TellsTheVersionAloneOfWhatItKnows) {
  CHECK_FALSE(store.versionOf(id("a")).has_value());
  store.record(id("a"), observed("7"));
  STRCMP_EQUAL("7", store.versionOf(id("a"))->c_str());
  CHECK_FALSE(store.versionOf(id("d")).has_value());
  store.forget(id("a"));
  CHECK_FALSE(store.versionOf(id("a")).has_value());
}

TEST(ObservedStore, SeesEveryChangeThatMatters) {
  CHECK(store.record(id("a"), observed("1")) == Change::changed);
  auto changed = observed("2");
  changed.managed[0].dataKeys = {"a"};
  CHECK(store.record(id("a"), changed) == Change::changed);
  changed.resourceVersion = "3";
  changed.terminating = true;
  CHECK(store.record(id("a"), changed) == Change::changed);
  changed.resourceVersion = "4";
  changed.uid = "other";
  CHECK(store.record(id("a"), changed) == Change::changed);
  changed.resourceVersion = "5";
  changed.labels.erase("kms-secretd.io/instance");
  CHECK(store.record(id("a"), changed) == Change::changed);
}

TEST(ObservedStore, DropsEventsOlderThanAReply) {
  CHECK(store.record(id("a"), observed("100")) == Change::changed);
  auto late = observed("99");
  late.managed.clear();
  CHECK(store.record(id("a"), late) == Change::none);
  CHECK_EQUAL(2U, store.find(id("a"))->managed.size());
  CHECK(store.recordListed(id("a"), late) == Change::changed);
  STRCMP_EQUAL("99", store.find(id("a"))->resourceVersion.c_str());
}

TEST(ObservedStore, OrdersVersionsByNumberOrByArrival) {
  CHECK(olderVersion("99", "100"));
  CHECK(olderVersion("123", "124"));
  CHECK_FALSE(olderVersion("124", "124"));
  CHECK_FALSE(olderVersion("100", "99"));
  CHECK_FALSE(olderVersion("a", "b"));
  CHECK_FALSE(olderVersion("", "1"));
}

TEST(ObservedStore, ForgetsAndTellsWhetherThereWasAnObject) {
  CHECK_FALSE(store.forget(id("a")));
  CHECK(store.record(id("a"), observed("1")) == Change::changed);
  CHECK(store.forget(id("a")));
  CHECK_FALSE(store.find(id("a")).has_value());
  CHECK(store.recordListed(id("a"), core::Observed{}) == Change::changed);
  CHECK_FALSE(store.find(id("a"))->exists);
  CHECK_FALSE(store.forget(id("a")));
}

TEST(ObservedStore, IgnoresWhatIsNoTarget) {
  CHECK(store.record(id("x"), observed("1")) == Change::none);
  CHECK(store.recordListed({.namespaceName = "m", .name = "a"}, observed("1")) == Change::none);
  CHECK_EQUAL(0U, store.known());
}

TEST(ObservedStore, NamesItsTargetsInOrder) {
  auto const targets = store.targetsIn("n");
  CHECK((targets == std::vector<core::TargetId>{id("a"), id("b"), id("c")}));
  CHECK(store.targetsIn("m").empty());
  CHECK(store.record(id("c"), observed("1")) == Change::changed);
  CHECK_EQUAL(1U, store.known());
}

TEST(ObservedStore, NeedsAFewHundredBytesATarget) {
  NameTable names;
  static_cast<void>(packObserved(observed("1"), names));
  CHECK(packObserved(observed("1"), names).size() < 200);
}

TEST(ObservedStore, PacksWhateverNamesAreThere) {
  NameTable names;
  auto seen = observed("");
  seen.managed[0].dataKeys = {"", std::string(1000, 'x'), std::string("\0\xFF", 2)};
  for (int i = 0; i < 10'000; ++i) seen.managed[1].dataKeys.push_back("k" + std::to_string(i));
  auto const back = unpackObserved(packObserved(seen, names), names);
  CHECK(back.managed[0].dataKeys == seen.managed[0].dataKeys);
  CHECK(back.managed[1].dataKeys == seen.managed[1].dataKeys);
  CHECK(back.annotations == seen.annotations);
  CHECK_EQUAL(0U, names.number("one more"));
}

TEST(ObservedStore, TextsThatAreNearlyHexadecimalComeBackAsTheyWere) {
  NameTable names;
  for (std::string const text :
       {"", "a", "ab", "AB", "0123456789abcdef", "0123456789abcde", "0123456789abcdeg",
        "01234567-89ab-cdef-0123-456789abcdef", "01234567-89AB-cdef-0123-456789abcdef",
        "0123456-789ab-cdef-0123-456789abcdef", "01234567-89ab-cdef-0123-456789abcde",
        "------------------------------------"}) {
    core::Observed seen{.uid = text};
    seen.labels["l"] = text;
    seen.annotations["a"] = text;
    auto const back = unpackObserved(packObserved(seen, names), names);
    STRCMP_EQUAL(text.c_str(), back.uid.c_str());
    STRCMP_EQUAL(text.c_str(), back.labels.at("l").c_str());
    STRCMP_EQUAL(text.c_str(), back.annotations.at("a").c_str());
  }
}

TEST(ObservedStore, DigestsAndUidsTakeHalfTheirRoom) {
  NameTable names;
  core::Observed seen{.uid = "01234567-89ab-cdef-0123-456789abcdef"};
  seen.annotations["kms-secretd.io/definition"] = std::string(64, 'a');
  static_cast<void>(packObserved(seen, names));
  CHECK_TRUE(packObserved(seen, names).size() < 60);
}

// SPDX-License-Identifier: Apache-2.0
#include "core/feed_policy.hpp"

#include <string>

#include <CppUTest/TestHarness.h>

using namespace kms_secretd;
using core::globMatches;

TEST_GROUP(FeedPolicy){static core::TargetDefinition target(){core::TargetDefinition target;
target.id = {.cluster = "north", .namespaceName = "payments", .name = "db"};
target.data = {{.source = {.store = "shared", .name = "a"}, .key = "a"},
               {.source = {.store = "prod", .name = "b"}, .key = "b"}};
return target;
}
static bool permits(core::FeedPolicy policy) {
  return !core::whyNotFed({std::move(policy)}, target());
}
}
;

TEST(FeedPolicy, GlobsMatchWholeNames) {
  CHECK_TRUE(globMatches("prod", "prod"));
  CHECK_FALSE(globMatches("prod", "prod-1"));
  CHECK_FALSE(globMatches("prod", "my-prod"));
  CHECK_TRUE(globMatches("prod-*", "prod-"));
  CHECK_TRUE(globMatches("*-prod-*", "a-prod-b-prod-c"));
  CHECK_FALSE(globMatches("*-prod", "a-prod-b"));
  CHECK_TRUE(globMatches("p?od", "prod"));
  CHECK_FALSE(globMatches("prod?", "prod"));
  CHECK_TRUE(globMatches("*", ""));
  CHECK_FALSE(globMatches("", "a"));
  CHECK_TRUE(globMatches("**a*", "xxa"));
}

TEST(FeedPolicy, AGlobOfManyStarsTakesNoTime) {
  CHECK_FALSE(globMatches("*a*a*a*a*a*a*a*a*a*a*a*b", std::string(20'000, 'a')));
}

TEST(FeedPolicy, WithoutPoliciesAllIsPermitted) {
  CHECK_FALSE(core::whyNotFed({}, target()).has_value());
}

TEST(FeedPolicy, EachFieldMustBeAmongThoseThatAreNamed) {
  CHECK_TRUE(permits({.clusters = {.include = {"north"}}}));
  CHECK_FALSE(permits({.clusters = {.include = {"south"}}}));
  CHECK_TRUE(permits({.namespaces = {.include = {"x", "pay*"}}}));
  CHECK_FALSE(permits({.namespaces = {.include = {"pay"}}}));
  CHECK_FALSE(permits({.names = {.include = {"d?-"}}}));
  CHECK_FALSE(permits({.types = {.include = {"kubernetes.io/*"}}}));
}

TEST(FeedPolicy, WhatIsExcludedIsRefusedThoughItIsIncluded) {
  CHECK_FALSE(permits({.namespaces = {.include = {"payments"}, .exclude = {"pay*"}}}));
}

TEST(FeedPolicy, B23_AnExclusionAloneRefusesNothingButWhatItNames) {
  CHECK_TRUE(permits({.namespaces = {.exclude = {"kube-*"}}}));
  CHECK_FALSE(permits({.namespaces = {.exclude = {"kube-*", "payments"}}}));
}

TEST(FeedPolicy, SpeaksOfItsOwnStoresOnlyAndOfEachThatATargetReads) {
  CHECK_TRUE(permits({.stores = {.include = {"test"}}, .namespaces = {.include = {"x"}}}));
  CHECK_FALSE(permits({.stores = {.include = {"prod"}}, .namespaces = {.include = {"x"}}}));
  CHECK_TRUE(permits({.stores = {.exclude = {"shared", "prod"}}, .names = {.include = {"x"}}}));
}

TEST(FeedPolicy, OneThatPermitsMendsNoneThatRefuses) {
  core::FeedPolicy const wide{.namespaces = {.include = {"*"}}};
  core::FeedPolicy const narrow{.stores = {.include = {"prod"}},
                                .namespaces = {.include = {"x"}},
                                .origin = {.file = "f", .line = 7, .column = 1}};
  auto const refusal = core::whyNotFed({wide, narrow}, target());
  CHECK_TRUE(refusal.has_value());
  STRCMP_EQUAL("store 'prod' may not feed namespace 'payments'", refusal->what.c_str());
  STRCMP_EQUAL("f:7:1", refusal->policy.text().c_str());
}

TEST_GROUP(TargetIds){};

TEST(TargetIds, AreReadAsTheyAreWritten) {
  core::TargetId const plain{.namespaceName = "a", .name = "b.c"};
  core::TargetId const far{.cluster = "north", .namespaceName = "a", .name = "b"};
  CHECK_TRUE(core::TargetId::from(plain.text()) == plain);
  CHECK_TRUE(core::TargetId::from(far.text()) == far);
  for (auto const* const odd : {"", "a", "a/", "/b", "a/b/c", ":a/b", "x:a", "x:y:a/b"}) {
    CHECK_FALSE_TEXT(core::TargetId::from(odd).has_value(), odd);
  }
}

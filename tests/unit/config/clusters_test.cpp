// SPDX-License-Identifier: Apache-2.0
// Several clusters, several namespaces, and what policies permit.
#include <set>
#include <string>
#include <vector>

#include "table_catalog.hpp"

#include <CppUTest/TestHarness.h>

using namespace kms_secretd;
using namespace kms_secretd::config_test;
using namespace std::chrono_literals;

namespace {

std::string cluster(std::string const& name) {
  return "[cluster." + name + "]\nkubeconfig = \"/etc/" + name + "\"\n";
}

// A store, and no cluster.
std::string store() {
  auto const text = preface();
  return text.substr(text.find("[store.kms]"));
}

std::string secret(std::string const& places) {
  return "[[secret]]\nname = \"db\"\n" + places + "\n[[secret.data]]\nsource = \"prod/db\"\n";
}

std::set<std::string> targetsOf(core::Config const& config) {
  std::set<std::string> ids;
  for (auto const& target : config.targets) ids.insert(target->id.text());
  return ids;
}

using Ids = std::set<std::string>;

}  // namespace

TEST_GROUP(ClusterConfig){};

TEST(ClusterConfig, EachTableIsAClusterWithTheSameOptions) {
  auto const config = loadGood(R"([cluster.north]
kubeconfig = "/etc/north"
context = "admin"
observe = "poll"
timeout = "4s"
)" + cluster("south") + store() +
                               secret(R"(namespace = "a"
clusters = ["north", "south"])"));
  LONGS_EQUAL(2, config.clusters.size());
  auto const& north = config.clusters.at("north");
  STRCMP_EQUAL("north", north.name.c_str());
  STRCMP_EQUAL("admin", north.context.c_str());
  CHECK_TRUE(north.observe == core::ObserveMode::poll);
  CHECK_TRUE(north.timeout == 4s);
  CHECK_TRUE(config.clusters.at("south").observe == core::ObserveMode::watch);
  STRCMP_EQUAL("/etc/south", config.clusters.at("south").kubeconfig.c_str());
}

TEST(ClusterConfig, OneDefinitionBecomesATargetForEachClusterAndNamespace) {
  auto const config =
      loadGood(cluster("north") + cluster("south") + store() + secret(R"(namespaces = ["a", "b"]
clusters = ["north", "south"])"));
  CHECK_TRUE((targetsOf(config) == Ids{"north:a/db", "north:b/db", "south:a/db", "south:b/db"}));
  std::set<std::string> hashes;
  for (auto const& target : config.targets) hashes.insert(target->hash);
  LONGS_EQUAL(4, hashes.size());
}

TEST(ClusterConfig, TheOnlyClusterNeedsNoName) {
  auto const config = loadGood(cluster("north") + store() + secret(R"(namespace = "a")"));
  CHECK_TRUE((targetsOf(config) == Ids{"north:a/db"}));
}

TEST(ClusterConfig, ThatOfKubernetesIsMeantWhereNoneIsNamed) {
  auto const config = loadGood(cluster("north") + preface() + secret(R"(namespace = "a")") +
                               "[[secret]]\nname = \"x\"\nnamespace = \"a\"\ncluster = \"north\"\n"
                               "[[secret.data]]\nsource = \"x\"\n");
  CHECK_TRUE((targetsOf(config) == Ids{"a/db", "north:a/x"}));
}

TEST(ClusterConfig, DefaultsNamePlacesForThoseThatNameNone) {
  auto const config = loadGood(cluster("north") + cluster("south") + store() +
                               "[defaults]\nclusters = [\"north\", \"south\"]\n"
                               "namespaces = [\"a\", \"b\"]\n" +
                               secret(R"(namespace = "c")"));
  CHECK_TRUE((targetsOf(config) == Ids{"north:c/db", "south:c/db"}));
}

TEST(ClusterConfig, AClusterThatNobodyNamesIsDoubtful) {
  auto const result = loadAll({cluster("north") + cluster("south") + store() +
                               secret("namespace = \"a\"\ncluster = \"north\"")});
  LONGS_EQUAL(1, result.warnings.size());
  STRCMP_CONTAINS("cluster 'south' is used by no [[secret]]",
                  result.warnings.front().text().c_str());
}

TEST(ClusterConfig, AShareHoldsOneClusterAndItsTargets) {
  auto const config =
      loadGood(cluster("north") + cluster("south") + store() + secret(R"(namespaces = ["a", "b"]
clusters = ["north", "south"])"));
  auto const share = config.shareOf("south");
  CHECK_TRUE((targetsOf(share) == Ids{"south:a/db", "south:b/db"}));
  LONGS_EQUAL(1, share.clusters.size());
  LONGS_EQUAL(1, share.stores.size());
}

TEST(ClusterConfig, StoresAskTheNamedClusterForTokensAndTheirOwnOneIsFoundOtherwise) {
  auto const text = cluster("north") + cluster("south") + store();
  auto const wish = secret("namespace = \"a\"\nclusters = [\"north\", \"south\"]");
  STRCMP_EQUAL("north", loadGood(text + wish).stores.at("kms").tokenCluster.c_str());
  auto const named = loadGood(text + "token_cluster = \"south\"\n" + wish);
  STRCMP_EQUAL("south", named.stores.at("kms").tokenCluster.c_str());
  auto const single = loadGood(preface() + secret("namespace = \"a\""));
  STRCMP_EQUAL("default", single.stores.at("kms").tokenCluster.c_str());
}

TEST(ClusterConfig, WhatEveryPolicyPermitsIsTaken) {
  auto const config = loadGood(preface() + R"([[policy]]
stores = ["k*"]
namespaces = ["a", "b-?"]
types = ["Opaque"]
exclude = { names = ["test-*"] }
[[policy]]
stores = ["other"]
namespaces = ["z"]
[[policy]]
exclude = { stores = ["kms"], namespaces = ["*"] }
)" + secret(R"(namespaces = ["a", "b-1"])"));
  LONGS_EQUAL(2, config.targets.size());
  LONGS_EQUAL(3, config.policies.size());
}

TEST(ClusterConfig, APolicyThatSpeaksOfNoStoreIsDoubtful) {
  auto const result = loadAll({preface() + "[[policy]]\nstores = [\"x\"]\nnames = [\"y\"]\n" +
                               secret("namespace = \"a\"")});
  LONGS_EQUAL(1, result.warnings.size());
  STRCMP_CONTAINS("speaks of no store", result.warnings.front().text().c_str());
}

TEST(ClusterConfig, PoliciesOfAllFilesHold) {
  auto const result =
      loadAll({preface() + secret("namespace = \"a\""), "[[policy]]\nnamespaces = [\"b\"]\n"});
  LONGS_EQUAL(1, result.problems.size());
  STRCMP_CONTAINS("store 'kms' may not feed namespace 'a', says the [[policy]] at conf.d/1.toml:1:",
                  result.problems.front().text().c_str());
}

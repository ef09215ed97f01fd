// SPDX-License-Identifier: Apache-2.0
#include "kube/rbac_rules.hpp"

#include <string>

#include <yaml-cpp/yaml.h>

#include <CppUTest/TestHarness.h>

using namespace kms_secretd;
using namespace kms_secretd::kube;

namespace {

void add(core::Config& config, char const* namespaceName, char const* name) {
  auto target = std::make_shared<core::TargetDefinition>();
  target->id = {.namespaceName = namespaceName, .name = name};
  config.targets.push_back(target);
}

std::string listOf(YAML::Node const& node) {
  std::string text;
  for (auto const& each : node) text += (text.empty() ? "" : ",") + each.as<std::string>();
  return text;
}

}  // namespace

TEST_GROUP(RbacRules) {
  core::Config config{};
  void setup() override {
    config.clusters["default"] = {};
    add(config, "payments", "db");
    add(config, "payments", "api");
    add(config, "web", "tls");
    config.highAvailability.leader = false;
    config.clusters["default"].events = false;
  }
  std::vector<YAML::Node> documents(RbacSubject const& subject = {}) const {
    return YAML::LoadAll(rbacRules(config, subject));
  }
};

TEST(RbacRules, GiveOneRoleAndBindingToEachNamespace) {
  auto const all = documents();
  CHECK_EQUAL(4U, all.size());
  auto const& role = all[0];
  STRCMP_EQUAL("Role", role["kind"].as<std::string>().c_str());
  STRCMP_EQUAL("kms-secretd-default", role["metadata"]["name"].as<std::string>().c_str());
  STRCMP_EQUAL("payments", role["metadata"]["namespace"].as<std::string>().c_str());
  STRCMP_EQUAL("web", all[2]["metadata"]["namespace"].as<std::string>().c_str());
  auto const& binding = all[1];
  STRCMP_EQUAL("RoleBinding", binding["kind"].as<std::string>().c_str());
  STRCMP_EQUAL("kms-secretd-default", binding["roleRef"]["name"].as<std::string>().c_str());
  STRCMP_EQUAL("kms-secretd", binding["subjects"][0]["name"].as<std::string>().c_str());
}

TEST(RbacRules, NameTheSecretsWhereRbacCan) {
  auto const rules = documents()[0]["rules"];
  CHECK_EQUAL(2U, rules.size());
  STRCMP_EQUAL("get,patch,create,delete", listOf(rules[0]["verbs"]).c_str());
  STRCMP_EQUAL("api,db", listOf(rules[0]["resourceNames"]).c_str());
  STRCMP_EQUAL("list,watch", listOf(rules[1]["verbs"]).c_str());
  CHECK_FALSE(rules[1]["resourceNames"].IsDefined());
}

TEST(RbacRules, NameWhatARecreateValidatesUnder) {
  auto target = std::make_shared<core::TargetDefinition>();
  target->id = {.namespaceName = "web", .name = "typed"};
  target->recreate = true;
  config.targets.push_back(target);
  STRCMP_EQUAL("tls,typed,typed-kms-secretd-check",
               listOf(documents()[2]["rules"][0]["resourceNames"]).c_str());
}

TEST(RbacRules, NeedNoListAndWatchForPolling) {
  config.clusters["default"].observe = core::ObserveMode::poll;
  CHECK_EQUAL(1U, documents()[0]["rules"].size());
}

TEST(RbacRules, AllowEventsInTheNamespacesOfTheSecretsAndNowhereElse) {
  config.clusters["default"].events = true;
  config.highAvailability.leader = true;
  auto const all = documents();
  CHECK_EQUAL(6U, all.size());
  for (auto const at : {0U, 2U}) {
    auto const rule = all[at]["rules"][2];
    STRCMP_EQUAL("", listOf(rule["apiGroups"]).c_str());
    STRCMP_EQUAL("events", listOf(rule["resources"]).c_str());
    STRCMP_EQUAL("create,patch", listOf(rule["verbs"]).c_str());
  }
  CHECK_EQUAL(2U, all[4]["rules"].size());  // of the Lease
}

TEST(RbacRules, LetSecretsBeDeletedWhoseNameIsNoLongerKnownOnlyWhereADefinitionSaysDelete) {
  auto target = std::make_shared<core::TargetDefinition>();
  target->id = {.namespaceName = "web", .name = "gone-one-day"};
  target->deletion = core::DeletionPolicy::remove;
  config.targets.push_back(target);
  CHECK_EQUAL(2U, documents()[0]["rules"].size());
  auto const rules = documents()[2]["rules"];
  CHECK_EQUAL(3U, rules.size());
  STRCMP_EQUAL("delete", listOf(rules[2]["verbs"]).c_str());
  CHECK_FALSE(rules[2]["resourceNames"].IsDefined());
  config.clusters["default"].observe = core::ObserveMode::poll;
  auto const polled = documents()[2]["rules"];
  CHECK_EQUAL(3U, polled.size());
  STRCMP_EQUAL("list", listOf(polled[2]["verbs"]).c_str());
}

TEST(RbacRules, CoverANamespaceInWhichNoDefinitionIsLeft) {
  config.deletion.namespaces = {"old"};
  auto const role = documents()[0];
  STRCMP_EQUAL("old", role["metadata"]["namespace"].as<std::string>().c_str());
  CHECK_EQUAL(2U, role["rules"].size());
  STRCMP_EQUAL("delete", listOf(role["rules"][0]["verbs"]).c_str());
  STRCMP_EQUAL("list", listOf(role["rules"][1]["verbs"]).c_str());
}

TEST(RbacRules, GrantTheTokensOfTheServiceAccountsThatStoresAre) {
  auto const named = [](char const* account) {
    sdk::Options options;
    options.set("service_account", sdk::OptionValue(std::string(account)));
    return options;
  };
  auto auth = named("kms/reader");
  auth.set("members", sdk::OptionValue(std::vector<sdk::Options>{named("kms/second")}));
  auto& options = config.stores["shared"].options;
  options.set("auth", sdk::OptionValue(std::vector<sdk::Options>{auth}));
  auto const all = documents();
  CHECK_EQUAL(6U, all.size());
  auto const& role = all[4];
  STRCMP_EQUAL("kms-secretd-default-tokens", role["metadata"]["name"].as<std::string>().c_str());
  STRCMP_EQUAL("kms", role["metadata"]["namespace"].as<std::string>().c_str());
  STRCMP_EQUAL("serviceaccounts/token", listOf(role["rules"][0]["resources"]).c_str());
  STRCMP_EQUAL("create", listOf(role["rules"][0]["verbs"]).c_str());
  STRCMP_EQUAL("reader,second", listOf(role["rules"][0]["resourceNames"]).c_str());
  STRCMP_EQUAL("kms-secretd-default-tokens", all[5]["roleRef"]["name"].as<std::string>().c_str());
}

TEST(RbacRules, BindToGroupsAndServiceAccounts) {
  STRCMP_EQUAL("Group", documents({.kind = "Group", .name = "g"})[1]["subjects"][0]["kind"]
                            .as<std::string>()
                            .c_str());
  auto const subject =
      documents({.kind = "ServiceAccount", .name = "s", .namespaceName = "kms"})[1]["subjects"][0];
  STRCMP_EQUAL("kms", subject["namespace"].as<std::string>().c_str());
  CHECK_FALSE(subject["apiGroup"].IsDefined());
}

TEST(RbacRules, LetAServiceAccountRenewItsOwnToken) {
  auto const all = documents({.kind = "ServiceAccount", .name = "s", .namespaceName = "kms"});
  CHECK_EQUAL(6U, all.size());
  STRCMP_EQUAL("kms", all[4]["metadata"]["namespace"].as<std::string>().c_str());
  auto const rule = all[4]["rules"][0];
  STRCMP_EQUAL("serviceaccounts/token", listOf(rule["resources"]).c_str());
  STRCMP_EQUAL("create", listOf(rule["verbs"]).c_str());
  STRCMP_EQUAL("s", listOf(rule["resourceNames"]).c_str());
  STRCMP_EQUAL(all[4]["metadata"]["name"].as<std::string>().c_str(),
               all[5]["roleRef"]["name"].as<std::string>().c_str());
}

TEST(RbacRules, AllowTheOneLeaseWhereSeveralDaemonsShareTheWork) {
  config.highAvailability = {.leader = true, .leaseNamespace = "kms"};
  config.instance = "blue";
  auto const all = documents();
  CHECK_EQUAL(6U, all.size());
  STRCMP_EQUAL("kms", all[4]["metadata"]["namespace"].as<std::string>().c_str());
  auto const rules = all[4]["rules"];
  STRCMP_EQUAL("coordination.k8s.io", listOf(rules[0]["apiGroups"]).c_str());
  STRCMP_EQUAL("leases", listOf(rules[0]["resources"]).c_str());
  STRCMP_EQUAL("get,update", listOf(rules[0]["verbs"]).c_str());
  STRCMP_EQUAL("kms-secretd-blue", listOf(rules[0]["resourceNames"]).c_str());
  STRCMP_EQUAL("create", listOf(rules[1]["verbs"]).c_str());
  STRCMP_EQUAL(all[4]["metadata"]["name"].as<std::string>().c_str(),
               all[5]["roleRef"]["name"].as<std::string>().c_str());
}

TEST(RbacRules, NameTheClusterWhereItIsNotTheDefaultOne) {
  STRCMP_CONTAINS("(instance \"default\") for its present", rbacRules(config, {}).c_str());
  config.clusters = {{"north", {.name = "north"}}};
  STRCMP_CONTAINS("(instance \"default\") in cluster \"north\" for", rbacRules(config, {}).c_str());
}

TEST(RbacRules, GiveTokensOnlyInTheClusterThatIsAskedForThem) {
  core::StoreConfig store;
  sdk::Options auth;
  auth.set("service_account", {std::string("kms/reader")});
  store.options.set("auth", {std::vector{auth}});
  store.tokenCluster = "south";
  config.stores["s"] = store;
  CHECK_EQUAL(4U, documents().size());
  config.clusters = {{"south", {.name = "south"}}};
  CHECK_EQUAL(6U, documents().size());
}

TEST(RbacRules, QuoteNamesThatYamlWouldMisread) {
  core::Config odd;
  odd.clusters["default"] = {};
  odd.highAvailability.leader = false;
  add(odd, "1234", "true");
  auto const all = YAML::LoadAll(rbacRules(odd, {.name = "a: \"b\"\n- c"}));
  STRCMP_EQUAL("1234", all[0]["metadata"]["namespace"].as<std::string>().c_str());
  STRCMP_EQUAL("a: \"b\"\n- c", all[1]["subjects"][0]["name"].as<std::string>().c_str());
}

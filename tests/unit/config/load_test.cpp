// SPDX-License-Identifier: Apache-2.0
#include "config/load.hpp"

#include <string>

#include "table_catalog.hpp"

#include <CppUTest/TestHarness.h>

using namespace kms_secretd;
using namespace std::chrono_literals;
using config_test::loadGood;
using config_test::preface;

namespace {

char const* const oneSecret = R"(
[[secret]]
name = "payments-db"
namespace = "payments"
[[secret.data]]
source = "prod/payments/db"
)";

core::TargetDefinition const& only(core::Config const& config) {
  LONGS_EQUAL(1, config.targets.size());
  return *config.targets.front();
}

}  // namespace

TEST_GROUP(Load){};

TEST(Load, TheExampleOfTheSpecificationMeansWhatItSays) {
  auto const config = loadGood(R"(instance = "default"
region = "cn-hangzhou"
[polling]
enabled = true              # the operator's disablePolling, the other way round
interval = "120s"
[kubernetes]
kubeconfig = "/etc/kubernetes/kms-secretd.conf"
[store.shared]
backend = "kms-endpoint"
auth = { type = "access_key", id = { file = "/a" }, secret = { file = "/b" } }
[defaults]                  # per file
namespace = "payments"
store = "shared"            # may be left out where there is only one
[[secret]]
name = "payments-db"
type = "Opaque"
[[secret.data]]
source = "prod/payments/db" # name in KMS
key = "password"            # key in the Kubernetes Secret; default: last segment of source
version_stage = "ACSCurrent"
)");
  auto const& target = only(config);
  STRCMP_EQUAL("payments/payments-db", target.id.text().c_str());
  STRCMP_EQUAL("password", target.data.front().key.c_str());
  STRCMP_EQUAL("shared/prod/payments/db", target.data.front().source.text().c_str());
  auto const& store = config.stores.at("shared");
  STRCMP_EQUAL("kms-endpoint", store.backend.c_str());
  STRCMP_EQUAL("cn-hangzhou", store.options.text("region").c_str());
  auto const auth = store.options.table("auth");
  STRCMP_EQUAL("access_key", auth.text("type").c_str());
  STRCMP_EQUAL("/b", auth.secret("secret").value.c_str());
  STRCMP_EQUAL("kms-secretd/default", config.fieldManager().c_str());
  CHECK_TRUE(config.warnings.empty());
}

TEST(Load, WhatIsLeftOutHasItsDefault) {
  auto const config = loadGood(preface() + oneSecret);
  STRCMP_EQUAL("default", config.instance.c_str());
  CHECK_TRUE(config.pollingEnabled);
  CHECK_TRUE(config.pollingInterval == 120s);
  LONGS_EQUAL(32, config.workers);
  CHECK_TRUE(config.highAvailability.leader);
  CHECK_TRUE(config.highAvailability.leaseDuration == 15s);
  CHECK_TRUE(config.leasePlace() ==
             (core::LeasePlace{.namespaceName = "kube-system", .name = "kms-secretd-default"}));
  CHECK_TRUE(config.clusters.at("default").observe == core::ObserveMode::watch);
  CHECK_TRUE(config.clusters.at("default").timeout == 15s);
  CHECK_TRUE(config.clusters.at("default").events);
  LONGS_EQUAL(0, config.clusters.at("default").qps);
  DOUBLES_EQUAL(10, config.stores.at("kms").requestsPerSecond, 0);
  CHECK_TRUE(config.stores.at("kms").timeout == 15s);
  auto const& target = only(config);
  STRCMP_EQUAL("Opaque", target.type.c_str());
  STRCMP_EQUAL("db", target.data.front().key.c_str());
  STRCMP_EQUAL("kms", target.data.front().source.store.c_str());
  CHECK_TRUE(target.interval == 120s);
  CHECK_TRUE(target.adopt == core::AdoptPolicy::never);
  CHECK_TRUE(target.creation == core::CreationPolicy::owner);
  CHECK_FALSE(target.recreate);
  CHECK_TRUE(target.deletion == core::DeletionPolicy::retain);
  CHECK_TRUE(target.onSourceMissing == core::MissingPolicy::retain);
  CHECK_TRUE(target.foreignKeys == core::ForeignKeys::keep);
  CHECK_FALSE(target.immutable);
  STRCMP_EQUAL("", target.approve.c_str());
}

TEST(Load, PoliciesAreTakenFromTheDefaultsAndTheSecretWins) {
  auto const config = loadGood(preface() + R"([deletion]
approve = "0123abcd"
namespaces = ["old", "older"]
[defaults]
namespace = "n"
deletion_policy = "delete"
on_source_missing = "delete"
foreign_keys = "remove"
immutable = true
[[secret]]
name = "a"
approve = "89abcdef"
[[secret.data]]
source = "x"
[[secret]]
name = "b"
deletion_policy = "retain"
on_source_missing = "retain"
foreign_keys = "keep"
immutable = false
[[secret.data]]
source = "x"
)");
  STRCMP_EQUAL("0123abcd", config.deletion.approve.c_str());
  CHECK_TRUE((config.deletion.namespaces == std::vector<std::string>{"old", "older"}));
  auto const& a = *config.targets.at(0);
  CHECK_TRUE(a.deletion == core::DeletionPolicy::remove);
  CHECK_TRUE(a.onSourceMissing == core::MissingPolicy::remove);
  CHECK_TRUE(a.foreignKeys == core::ForeignKeys::remove);
  CHECK_TRUE(a.immutable);
  STRCMP_EQUAL("89abcdef", a.approve.c_str());
  auto const& b = *config.targets.at(1);
  CHECK_TRUE(b.deletion == core::DeletionPolicy::retain);
  CHECK_TRUE(b.onSourceMissing == core::MissingPolicy::retain);
  CHECK_TRUE(b.foreignKeys == core::ForeignKeys::keep);
  CHECK_FALSE(b.immutable);
}

TEST(Load, WhatIsGivenIsTaken) {
  auto const config = loadGood(R"(instance = "b"
[polling]
enabled = false
[kubernetes]
kubeconfig = "/k"
context = "prod"
observe = "poll"
timeout = "4s"
events = false
qps = 40
burst = 60
[high_availability]
mode = "none"
lease_namespace = "kms"
lease_duration = "30s"
[daemon]
workers = 3
[store.kms]
backend = "kms-endpoint"
region = "cn-beijing"
requests_per_second = 25
timeout = "7s"
connect_timeout = "250ms"
auth = { type = "sts", id = { env = "ID" }, secret = { credential = "key" } }
[[secret]]
name = "a"
namespace = "n"
type = "example.org/own"
adopt = "if-equal"
creation_policy = "merge"
[[secret.data]]
source = "x"
version_stage = "ACSPrevious"
[[secret.data]]
source = "y"
version_id = "v7"
)");
  CHECK_FALSE(config.pollingEnabled);
  STRCMP_EQUAL("prod", config.clusters.at("default").context.c_str());
  CHECK_TRUE(config.clusters.at("default").observe == core::ObserveMode::poll);
  CHECK_TRUE(config.clusters.at("default").timeout == 4s);
  CHECK_FALSE(config.clusters.at("default").events);
  LONGS_EQUAL(40, config.clusters.at("default").qps);
  LONGS_EQUAL(60, config.clusters.at("default").burst);
  LONGS_EQUAL(3, config.workers);
  CHECK_FALSE(config.highAvailability.leader);
  CHECK_TRUE(config.highAvailability.leaseDuration == 30s);
  CHECK_TRUE(config.leasePlace() ==
             (core::LeasePlace{.namespaceName = "kms", .name = "kms-secretd-b"}));
  auto const& store = config.stores.at("kms");
  DOUBLES_EQUAL(25, store.requestsPerSecond, 0);
  CHECK_TRUE(store.timeout == 7s);
  CHECK_TRUE(store.options.duration("connect_timeout") == 250ms);
  auto const& target = only(config);
  CHECK_TRUE(target.adopt == core::AdoptPolicy::if_equal);
  CHECK_TRUE(target.creation == core::CreationPolicy::merge);
  STRCMP_EQUAL("ACSPrevious", target.data.at(0).source.versionStage.c_str());
  STRCMP_EQUAL("v7", target.data.at(1).source.versionId.c_str());
}

TEST(Load, DefaultsHoldForTheirOwnFileOnly) {
  auto const result = config_test::loadAll(
      {preface() + "[defaults]\nnamespace = \"one\"\ninterval = \"10m\"\n[[secret]]\nname = "
                   "\"a\"\n[[secret.data]]\nsource = \"x\"\n",
       "[defaults]\nnamespace = \"two\"\n[[secret]]\nname = \"a\"\n[[secret.data]]\nsource = "
       "\"x\"\n"});
  CHECK_TRUE(result.config.has_value());
  auto const& targets = result.config->targets;
  STRCMP_EQUAL("one/a", targets.at(0)->id.text().c_str());
  CHECK_TRUE(targets.at(0)->interval == 10min);
  STRCMP_EQUAL("two/a", targets.at(1)->id.text().c_str());
  CHECK_TRUE(targets.at(1)->interval == 120s);
  STRCMP_EQUAL("conf.d/1.toml:3:1", targets.at(1)->origin.text().c_str());
}

TEST(Load, TheSecretWinsOverItsDefaults) {
  auto const config = loadGood(preface() + R"(
[defaults]
namespace = "one"
adopt = "force"
recreate = true
version_stage = "ACSPrevious"
labels = { team = "a", tier = "b" }
[[secret]]
name = "a"
namespace = "two"
adopt = "never"
recreate = false
labels = { team = "c" }
[[secret.data]]
source = "x"
[[secret.data]]
source = "y"
version_stage = "ACSCurrent"
[[secret.data]]
source = "z"
version_id = "v1"
)");
  auto const& target = only(config);
  STRCMP_EQUAL("two/a", target.id.text().c_str());
  CHECK_TRUE(target.adopt == core::AdoptPolicy::never);
  CHECK_FALSE(target.recreate);
  STRCMP_EQUAL("c", target.labels->at("team").c_str());
  STRCMP_EQUAL("b", target.labels->at("tier").c_str());
  STRCMP_EQUAL("kms/x@ACSPrevious", target.data.at(0).source.text().c_str());
  STRCMP_EQUAL("kms/y", target.data.at(1).source.text().c_str());
  STRCMP_EQUAL("kms/z#v1", target.data.at(2).source.text().c_str());
}

TEST(Load, TheCurrentStageAndNoStageAreOneRead) {
  auto const config = loadGood(preface() + oneSecret +
                               "[[secret.data]]\nsource = \"prod/payments/db\"\nkey = "
                               "\"again\"\nversion_stage = \"ACSCurrent\"\n");
  LONGS_EQUAL(1, only(config).reads().size());
}

TEST(Load, SettingsOfOneTableMayStandInSeveralFiles) {
  auto const result = config_test::loadAll({preface() + oneSecret + "[polling]\nenabled = true\n",
                                            "[polling]\ninterval = \"60s\"\n[kubernetes]\ncontext "
                                            "= \"c\"\n"});
  CHECK_TRUE(result.config.has_value());
  CHECK_TRUE(result.config->pollingInterval == 60s);
  STRCMP_EQUAL("c", result.config->clusters.at("default").context.c_str());
}

TEST(Load, EntriesMayNameDifferentStores) {
  auto const config = loadGood(preface() + R"(
[store.files]
backend = "file"
directory = "/srv"
[[secret]]
name = "a"
namespace = "n"
store = "files"
[[secret.data]]
source = "x"
[[secret.data]]
source = "y"
store = "kms"
)");
  STRCMP_EQUAL("files", only(config).data.at(0).source.store.c_str());
  STRCMP_EQUAL("kms", only(config).data.at(1).source.store.c_str());
}

TEST(Load, ABackendsComplaintFindsItsLine) {
  auto const config = loadGood("region = \"cn-beijing\"\n" + preface() +
                               "[store.second]\nbackend = \"kms-endpoint\"\nauth.type = \"sts\"\n"
                               "auth.id = { env = \"A\" }\nauth.secret = { env = \"B\" }\n" +
                               oneSecret + "store = \"kms\"\n");
  auto const& store = config.stores.at("kms");
  STRCMP_EQUAL("main.toml:7:31", store.originOf("auth.id").text().c_str());
  STRCMP_EQUAL("main.toml:6:1", store.originOf("region").text().c_str());
  STRCMP_EQUAL("main.toml:4:1", store.originOf("connect_timeout").text().c_str());
  STRCMP_EQUAL("main.toml:1:1", config.stores.at("second").originOf("region").text().c_str());
}

TEST(Load, B24_AnOptionThatIsNotKnownIsNeverIgnored) {
  for (auto const* extra :
       {"x = 1\n", "[x]\n", "[[x]]\n", "[polling]\nx = 1\n", "[daemon]\nx = 1\n",
        "[defaults]\nx = 1\n", "[store.kms.auth.x]\n", "[store.kms.x]\n",
        "[[secret]]\nname = \"b\"\nnamespace = \"n\"\ndata = [{ source = \"a\", x = 1 }]\n",
        "[[secret]]\nname = \"b\"\nnamespace = \"n\"\nx = 1\ndata = [{ source = \"a\" }]\n"}) {
    auto const result = config_test::loadAll({preface() + oneSecret, extra});
    CHECK_FALSE_TEXT(result.config.has_value(), extra);
  }
}

TEST(Load, B24_DefaultsWithoutSecretsOfTheirOwnAreAnError) {
  auto const result =
      config_test::loadAll({preface() + "[defaults]\ninterval = \"60s\"\n", oneSecret});
  CHECK_FALSE(result.config.has_value());
}

TEST(Load, AConfigurationWithoutSecretsStartsAndSaysSo) {
  auto const result = config_test::loadAll({preface() + "[defaults]\nnamespace = \"a\"\n"});
  CHECK_TRUE(result.config.has_value());
  LONGS_EQUAL(2, result.config->warnings.size());
  STRCMP_CONTAINS("there is no [[secret]]", result.config->warnings.front().c_str());
}

TEST(Load, NoFileAtAllIsAnErrorToo) {
  CHECK_FALSE(config_test::loadAll({}).config.has_value());
  CHECK_FALSE(config_test::loadAll({""}).config.has_value());
}

TEST(Load, NothingIsKeptBetweenTwoLoads) {
  auto const text = preface() + oneSecret;
  CHECK_TRUE(config_test::loadAll({text}).config.has_value());
  CHECK_FALSE(config_test::loadAll({text + "x = 1\n"}).config.has_value());
  CHECK_TRUE(config_test::loadAll({text}).config.has_value());
}

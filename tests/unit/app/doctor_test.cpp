// SPDX-License-Identifier: Apache-2.0
#include <unistd.h>

#include <string>

#include "app/doctor/cluster.hpp"
#include "app/doctor/finding.hpp"
#include "app/doctor/machine.hpp"
#include "app/doctor/stores.hpp"
#include "fakes/fake_host.hpp"
#include "platform/clock.hpp"

#include <CppUTest/TestHarness.h>

using namespace kms_secretd;
using namespace kms_secretd::app::doctor;
using namespace std::chrono_literals;

namespace {

// A backend that may have a check of its own or not.
class ExaminedBackend final : public sdk::Backend {
 public:
  sdk::Result<sdk::FetchedSecret> fetch(sdk::FetchRequest const& request) noexcept override {
    ++fetches;
    if (denied) return sdk::Failure{.message = "cannot read " + request.name};
    return sdk::FetchedSecret{};
  }
  sdk::Result<sdk::ProbeReport> probe(sdk::ProbeRequest const& request) noexcept override {
    if (noCredential) return sdk::Failure{.message = "auth.id is empty"};
    if (!probes) return sdk::ProbeReport{.note = "no check"};
    sdk::ProbeReport report{.identity = "acs:ram::1:user/u", .clockOffset = offset};
    for (auto const& name : request.names) {
      report.secrets.push_back({.name = name});
      if (denied) report.secrets.back().failure = sdk::Failure{.message = "cannot read " + name};
    }
    return report;
  }
  bool probes = true;
  bool denied = false;
  bool noCredential = false;
  sdk::Milliseconds offset{0};
  int fetches = 0;
};

class Never final : public sdk::Cancellation {
 public:
  [[nodiscard]] bool requested() const noexcept override { return false; }
  [[nodiscard]] int wakeFd() const noexcept override { return -1; }
};

// "bad clock", "good identity", ... of all findings.
std::string levelsOf(Findings const& findings) {
  std::string text;
  for (auto const& each : findings.all()) {
    if (!text.empty()) text += ", ";
    text += std::string(nameOf(each.level)) + " " + each.check;
  }
  return text;
}

}  // namespace

TEST_GROUP(DoctorStores) {
  fakes::FakeHost host;
  ExaminedBackend backend;
  Never never;
  core::Config config;
  Findings findings;

  void setup() override {
    config.stores["shared"] = {.name = "shared", .requestsPerSecond = 10};
    define("prod/db", 120s);
  }
  void define(char const* name, sdk::Milliseconds interval) {
    auto target = std::make_shared<core::TargetDefinition>();
    target->id = {.namespaceName = "a", .name = name};
    target->data = {{.source = {.store = "shared", .name = name}, .key = "k"}};
    target->interval = interval;
    config.targets.push_back(target);
  }
  std::string look() {
    findings = {};
    lookAtStore({.config = config,
                 .store = config.stores.at("shared"),
                 .backend = backend,
                 .clock = host.clock(),
                 .stop = never},
                findings);
    return levelsOf(findings);
  }
};

TEST(DoctorStores, SayWhoWeAreAndWhatMayBeRead) {
  STRCMP_EQUAL("good identity, good clock, good permission", look().c_str());
  STRCMP_CONTAINS("we are acs:ram::1:user/u", findings.all()[0].what.c_str());
  STRCMP_EQUAL("shared/prod/db may be read", findings.all()[2].what.c_str());
  CHECK_EQUAL(0, backend.fetches);
  backend.denied = true;
  STRCMP_EQUAL("good identity, good clock, bad permission", look().c_str());
  STRCMP_CONTAINS("cannot read prod/db", findings.all()[2].what.c_str());
}

TEST(DoctorStores, WithoutACheckOfTheirOwnAreReadOnce) {
  backend.probes = false;
  STRCMP_EQUAL("hint identity, good permission", look().c_str());
  CHECK_EQUAL(1, backend.fetches);
  backend.denied = true;
  STRCMP_EQUAL("hint identity, bad permission", look().c_str());
}

TEST(DoctorStores, WithoutACredentialAreNotAskedFurther) {
  backend.noCredential = true;
  STRCMP_EQUAL("bad identity", look().c_str());
  STRCMP_CONTAINS("auth.id is empty", findings.all()[0].what.c_str());
}

TEST(DoctorStores, ThatNobodyReadsAreHintedAt) {
  config.targets.clear();
  STRCMP_EQUAL("good identity, good clock, hint permission", look().c_str());
}

TEST(DoctorStores, ComparesTheClocksWithWhatKmsTolerates) {
  CHECK_TRUE(judgeClock("KMS", 4s).level == Level::good);
  auto const late = judgeClock("KMS", 90s);
  CHECK_TRUE(late.level == Level::warning);
  STRCMP_EQUAL("this host's clock is 90 s behind KMS", late.what.c_str());
  auto const early = judgeClock("KMS", -1h);
  CHECK_TRUE(early.level == Level::bad);
  STRCMP_EQUAL("this host's clock is 3600 s ahead of KMS", early.what.c_str());
}

TEST(DoctorStores, EstimatesTheQuota) {
  lookAtQuota(config, findings);
  STRCMP_EQUAL("good quota", levelsOf(findings).c_str());
  STRCMP_EQUAL("store shared: 1 distinct reads need 0.01 of 10 calls/s",
               findings.all()[0].what.c_str());
  config.stores["shared"].requestsPerSecond = 1;
  define("x", 1s);
  findings = {};
  lookAtQuota(config, findings);
  STRCMP_EQUAL("warning quota", levelsOf(findings).c_str());
}

TEST_GROUP(DoctorMachine) {
  HostFile file{.path = "/etc/kms-secretd/key", .secret = true};
  ServiceUser user{.uid = 990, .gid = 991};
  platform::FileFacts facts{.owner = 0, .group = 991, .mode = 0640};

  std::string judged() {
    auto const finding = judgeFile(file, facts, user);
    return finding ? std::string(nameOf(finding->level)) + ": " + finding->what : "good";
  }
};

TEST(DoctorMachine, FilesAreClosedToOthersAndOpenToTheDaemon) {
  STRCMP_EQUAL("good", judged().c_str());
  facts.mode = 0644;
  STRCMP_EQUAL("bad: /etc/kms-secretd/key may be read by everybody", judged().c_str());
  file.secret = false;
  STRCMP_EQUAL("good", judged().c_str());
  facts.mode = 0666;
  STRCMP_EQUAL("bad: /etc/kms-secretd/key may be written by everybody", judged().c_str());
  facts.mode = 0600;
  STRCMP_EQUAL("bad: /etc/kms-secretd/key may not be read by the daemon's user kms-secretd",
               judged().c_str());
  facts.owner = 4242;
  facts.mode = 0640;
  STRCMP_CONTAINS("warning: /etc/kms-secretd/key belongs to user 4242", judged().c_str());
}

TEST(DoctorMachine, FindsTheFilesOfSecretsWhereverAStoreNamesThem) {
  sdk::Options base;
  base.set("secret", {sdk::SecretRef{.value = "/deep"}});
  sdk::Options auth;
  auth.set("id", {sdk::SecretRef{.value = "/id"}});
  auth.set("secret",
           {sdk::SecretRef{.kind = sdk::SecretRef::Kind::credential, .value = "by-systemd"}});
  auth.set("base", {std::vector{base}});
  core::Config config;
  config.clusters["default"].kubeconfig = "/kubeconfig";
  config.stores["s"].options.set("auth", {std::vector{auth}});
  std::string found;
  for (auto const& each : filesOf("/nowhere/main.toml", config)) found += each.path + " ";
  STRCMP_EQUAL("/nowhere/main.toml /kubeconfig /id /deep ", found.c_str());
}

TEST(DoctorMachine, UnlockedMemoryIsWorseWithSwap) {
  Findings findings;
  judgeMemory({.pid = 7, .locked = true}, findings);
  judgeMemory({.pid = 7, .coresPossible = true}, findings);
  judgeMemory({.pid = 7, .swap = true}, findings);
  judgeMemory({}, findings);
  STRCMP_EQUAL(
      "good memory, good memory, warning memory, bad memory, bad memory, good memory, hint memory",
      levelsOf(findings).c_str());
}

TEST(DoctorMachine, ReadsWhatTheKernelTellsOfAListener) {
  CHECK_FALSE(memoryFacts("/nowhere/at/all.sock").pid.has_value());
}

TEST_GROUP(DoctorPeers) {
  platform::StopSignal stop;
  platform::SystemClock clock;
  std::string asked{};
  Findings findings;

  std::string look(Peer const& peer) {
    findings = {};
    platform::TransportFactory transports(clock, stop);
    platform::Resolver resolver(clock, stop, [this](std::string const& name) {
      asked = name;
      return sdk::Result<platform::Addresses>(
          sdk::Failure{.kind = sdk::FailureKind::unavailable, .message = "no such name"});
    });
    lookAtPeer(peer, {.transports = transports, .resolver = resolver, .clock = clock, .stop = stop},
               findings);
    return levelsOf(findings);
  }
};

TEST(DoctorPeers, WhoseNameIsUnknownAreNotConnectedTo) {
  STRCMP_EQUAL("bad dns", look({.host = "kms.example"}).c_str());
  STRCMP_EQUAL("kms.example", asked.c_str());
  STRCMP_CONTAINS("no such name", findings.all()[0].what.c_str());
}

TEST(DoctorPeers, AreLookedUpByTheirProxyWhereThereIsOne) {
  STRCMP_EQUAL("bad dns",
               look({.host = "kms.example", .proxy = "http://proxy.example:3128"}).c_str());
  STRCMP_EQUAL("proxy.example", asked.c_str());
}

TEST(DoctorPeers, ThatDoNotAnswerAreNamed) {
  // Nothing listens on the port of a multiplexer that nobody runs any more.
  STRCMP_EQUAL("bad tls", look({.host = "127.0.0.1", .port = 1}).c_str());
  STRCMP_CONTAINS("127.0.0.1:1", findings.all()[0].what.c_str());
}

TEST_GROUP(DoctorFindings){};

TEST(DoctorFindings, StandInTheOrderInWhichChecksBuildOnEachOther) {
  Findings findings;
  for (auto const* check : {"rights", "tls", "configuration", "dns"}) findings.good(check, "x");
  std::string order;
  for (auto const& each : findings.sorted()) order += each.check + " ";
  STRCMP_EQUAL("configuration dns tls rights ", order.c_str());
  STRCMP_EQUAL("{\"checks\":[{\"check\":\"dns\",\"level\":\"good\",\"what\":\"x\",\"do\":\"\"}]}\n",
               jsonText({{.check = "dns", .what = "x"}}).c_str());
}

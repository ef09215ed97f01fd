// SPDX-License-Identifier: Apache-2.0
#include "app/online_check.hpp"

#include <chrono>
#include <string>
#include <utility>

#include "app/store_host.hpp"
#include "fakes/fake_host.hpp"

#include <CppUTest/TestHarness.h>

using namespace kms_secretd;
using namespace std::chrono_literals;

namespace {

class ProbedBackend final : public sdk::Backend {
 public:
  sdk::Result<sdk::FetchedSecret> fetch(sdk::FetchRequest const&) noexcept override {
    return sdk::Failure{};
  }
  sdk::Result<sdk::ProbeReport> probe(sdk::ProbeRequest const& request) noexcept override {
    if (!credential) return *noCredential;
    sdk::ProbeReport report;
    if (request.wantsIdentity) report.identity = "acs:ram::1:user/u";
    for (auto const& name : request.names) {
      report.secrets.push_back({.name = name});
      if (name == denied) {
        report.secrets.back().failure = sdk::Failure{.message = "cannot read " + name};
      }
    }
    return report;
  }
  bool credential = true;
  std::optional<sdk::Failure> noCredential{sdk::Failure{.message = "auth.id is empty"}};
  std::string denied{};
};

class NeverStopped final : public sdk::Cancellation {
 public:
  [[nodiscard]] bool requested() const noexcept override { return false; }
  [[nodiscard]] int wakeFd() const noexcept override { return -1; }
};

}  // namespace

TEST_GROUP(OnlineCheck) {
  fakes::FakeHost host;
  ProbedBackend backend;
  NeverStopped stop;
  core::Config config;

  void setup() override {
    config.stores["shared"] = {.name = "shared", .requestsPerSecond = 100};
    core::TargetDefinition target;
    for (auto const* name : {"a", "b"}) {
      target.data.push_back({.source = {.store = "shared", .name = name}, .key = name});
    }
    target.data.push_back({.source = {.store = "other", .name = "c"}, .key = "c"});
    config.targets.push_back(std::make_shared<core::TargetDefinition const>(std::move(target)));
  }
  app::StoreCheck check() { return app::checkStore(config, "shared", backend, host.clock(), stop); }
  std::string line(sdk::ProbeReport const& report) {
    return app::identityLine("s", report, host.clock().wall());
  }
};

TEST(OnlineCheck, IsGoodWhereEverySecretOfTheStoreMayBeRead) {
  auto const result = check();
  CHECK_TRUE(result.good);
  STRCMP_EQUAL("store shared: 2 of 2 secrets may be read", result.lines.back().c_str());
}

TEST(OnlineCheck, NamesEachSecretThatMayNotBeRead) {
  backend.denied = "b";
  auto const result = check();
  CHECK_FALSE(result.good);
  STRCMP_EQUAL("store shared: cannot read b", result.lines.at(1).c_str());
  STRCMP_EQUAL("store shared: 1 of 2 secrets may be read", result.lines.back().c_str());
}

TEST(OnlineCheck, EndsWhereThereIsNoCredential) {
  backend.credential = false;
  auto const result = check();
  CHECK_FALSE(result.good);
  LONGS_EQUAL(1, result.lines.size());
  STRCMP_EQUAL("store shared: there is no usable credential: auth.id is empty",
               result.lines[0].c_str());
}

TEST(OnlineCheck, SaysWhoWeAreUntilWhenAndHowTheClocksDiffer) {
  STRCMP_EQUAL("store s: identity unknown (why), by a credential without an end that is known",
               line({.note = "why"}).c_str());
  STRCMP_EQUAL(
      "store s: we are u, by a credential that lasts for 59 minutes; the clocks "
      "agree",
      line({.identity = "u", .expiresAt = host.clock().wall() + 59min, .clockOffset = 1s}).c_str());
  STRCMP_EQUAL(
      "store s: we are u, by a credential without an end that is known; this host's clock is 5 s "
      "behind the service's",
      line({.identity = "u", .clockOffset = 5s}).c_str());
  CHECK(line({.identity = "u", .clockOffset = -20min})
            .ends_with("1200 s ahead of the service's: set it, for example with NTP"));
}

TEST(OnlineCheck, ANoticeOfABackendCarriesItsStoresName) {
  app::Notices notices;
  app::StoreHost store("shared", host, notices);
  store.notice("something\nhappened");
  auto const taken = notices.take();
  STRCMP_EQUAL("shared", taken.at(0).store.c_str());
  STRCMP_EQUAL("something happened", taken.at(0).text.c_str());
  CHECK(notices.take().empty());
  for (int i = 0; i < 1000; ++i) store.notice("again");
  CHECK(notices.take().size() <= 100);
}

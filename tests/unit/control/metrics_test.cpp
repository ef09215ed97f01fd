// SPDX-License-Identifier: Apache-2.0
#include <map>
#include <optional>
#include <set>
#include <sstream>
#include <string>

#include <CppUTest/TestHarness.h>

#include "control/metrics_text.hpp"
#include "unit/control/example.hpp"

using namespace kms_secretd::control;

namespace {

/// The text format, read as Prometheus reads it: each family announced before its samples.
struct Scrape {
  std::map<std::string, double> samples{};
  std::map<std::string, std::string> types{};
  std::set<std::string> faults{};
};

std::string familyOf(std::string const& name, Scrape const& scrape) {
  for (std::string const suffix : {"_bucket", "_sum", "_count"}) {
    if (!name.ends_with(suffix)) continue;
    auto const base = name.substr(0, name.size() - suffix.size());
    auto const at = scrape.types.find(base);
    if (at != scrape.types.end() && at->second == "histogram") return base;
  }
  return name;
}

void readSample(std::string const& line, Scrape& scrape) {
  auto const space = line.rfind(' ');
  auto const series = line.substr(0, space);
  auto const name = series.substr(0, series.find('{'));
  if (!scrape.types.contains(familyOf(name, scrape))) scrape.faults.insert("no TYPE: " + name);
  std::size_t read = 0;
  auto const value = std::stod(line.substr(space + 1), &read);
  if (read != line.size() - space - 1) scrape.faults.insert("no number: " + line);
  if (!scrape.samples.emplace(series, value).second) scrape.faults.insert("twice: " + series);
}

Scrape scrapeOf(Snapshot const& snapshot) {
  Scrape scrape;
  std::istringstream lines(metricsText(snapshot));
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words(line);
    std::string hash;
    std::string what;
    std::string name;
    std::string rest;
    words >> hash >> what >> name >> rest;
    if (hash != "#") {
      readSample(line, scrape);
    } else if (what == "TYPE" && !scrape.types.emplace(name, rest).second) {
      scrape.faults.insert("announced twice: " + name);
    }
  }
  return scrape;
}

}  // namespace

TEST_GROUP(Metrics) {
  Snapshot all = exampleSnapshot();

  void has(std::string const& series, double value) {
    auto const scrape = scrapeOf(all);
    auto const at = scrape.samples.find("kms_secretd_" + series);
    CHECK_TEXT(at != scrape.samples.end(), series.c_str());
    DOUBLES_EQUAL(value, at->second, 0.001);
  }
};

TEST(Metrics, AreWellFormedAndAnnouncedOnce) {
  auto const scrape = scrapeOf(all);
  for (auto const& fault : scrape.faults) FAIL(fault.c_str());
  CHECK_TRUE(scrape.samples.size() > 30);
}

TEST(Metrics, B29_TellOfEachTarget) {
  has(R"(secret_in_sync{cluster="default",namespace="a",name="good"})", 1);
  has(R"(secret_in_sync{cluster="default",namespace="a",name="failing"})", 0);
  has(R"(secret_failing{cluster="default",namespace="a",name="failing",cause="timed_out"})", 1);
  has(R"(secret_contested{cluster="default",namespace="a",name="contested"})", 1);
  has(R"(secret_held{cluster="default",namespace="b",name="held"})", 1);
  has(R"(secret_held{cluster="default",namespace="a",name="good"})", 0);
  has(R"(secret_in_sync{cluster="default",namespace="b",name="held"})", 0);
  has(R"(secrets{state="held"})", 1);
  has(R"(held_deletions{cluster="default"})", 2);
  has(R"(secret_staleness_seconds{cluster="default",namespace="a",name="failing"})", 720);
  has(R"(secret_staleness_seconds{cluster="default",namespace="b",name="pending"})", 3600);
  has(R"(secret_last_success_seconds{cluster="default",namespace="a",name="good"})", 1'789'999'970);
  has(R"(secrets{state="pending"})", 1);
}

TEST(Metrics, TellOfStoresClusterAndQueue) {
  has(R"(store_calls_total{store="broken",operation="fetch",outcome="timed_out",code=""})", 5);
  has(R"(store_wait_seconds_total{store="broken"})", 2.5);
  has(R"(store_breaker_open{store="broken"})", 1);
  has(R"(store_breaker_open{store="good"})", 0);
  has(R"(store_credential_expiry_seconds{store="good"})", 1'790'000'000 + 172'800);
  has(R"(api_requests_total{cluster="default",verb="patch",code="200"})", 7);
  has(R"(kubernetes_events_total{cluster="default",result="dropped"})", 2);
  has(R"(cluster_breaker_open{cluster="default"})", 0);
  has(R"(login_expiry_seconds{cluster="default"})", 1'790'000'000 + 86'400);
  has("queue_due", 2);
  has("queue_lag_seconds", 1.5);
  has(R"(rounds_total{outcome="created"})", 3);
}

TEST(Metrics, CountAHistogramsBucketsUp) {
  has(R"(round_duration_seconds_bucket{le="0.1"})", 3);
  has(R"(round_duration_seconds_bucket{le="1"})", 4);
  has(R"(round_duration_seconds_bucket{le="+Inf"})", 5);
  has("round_duration_seconds_count", 5);
  has("round_duration_seconds_sum", 4);
}

TEST(Metrics, ForgetATargetThatIsNoLongerDefined) {
  all.targets.clear();
  auto const scrape = scrapeOf(all);
  for (auto const& [series, value] : scrape.samples) {
    CHECK_TEXT(series.find("namespace=") == std::string::npos, series.c_str());
  }
}

TEST(Metrics, EscapeWhatALabelMayNotHold) {
  all.stores[0].name = "a\"b\\c\nd";
  has(R"(store_breaker_open{store="a\"b\\c\nd"})", 1);
}

TEST(Metrics, TellWhoseTurnItIsOnlyWhereThereIsALease) {
  CHECK_TRUE(scrapeOf(all).samples.count(R"(kms_secretd_leader{cluster="default"})") == 0);
  all.clusters.front().leads = true;
  has(R"(leader{cluster="default"})", 1);
  all.clusters.front().leads = false;
  has(R"(leader{cluster="default"})", 0);
}

TEST(Metrics, TellFailuresOfAStoreApartByTheServicesCode) {
  all.stores[0].calls = {
      {.outcome = "permission_denied", .code = "Forbidden.KeyNotFound", .calls = 2},
      {.outcome = "permission_denied", .code = "Forbidden.NoPermission", .calls = 3}};
  has(R"(store_calls_total{store="broken",operation="fetch",outcome="permission_denied",)"
      R"(code="Forbidden.KeyNotFound"})",
      2);
  has(R"(store_calls_total{store="broken",operation="fetch",outcome="permission_denied",)"
      R"(code="Forbidden.NoPermission"})",
      3);
}

// SPDX-License-Identifier: Apache-2.0
#include "fetch/fetcher.hpp"

#include <map>
#include <string>
#include <vector>

#include "fakes/manual_clock.hpp"

#include <CppUTest/TestHarness.h>

namespace core = kms_secretd::core;
namespace fetch = kms_secretd::fetch;
namespace sdk = kms_secretd::sdk;
using namespace std::chrono_literals;

namespace {

class ScriptedBackend final : public sdk::Backend {
 public:
  sdk::Result<sdk::FetchedSecret> fetch(sdk::FetchRequest const& request) noexcept override {
    asked.push_back(request.name);
    last = request;
    auto const at = values.find(request.name);
    if (at == values.end()) {
      return sdk::Failure{.kind = sdk::FailureKind::not_found, .message = "no " + request.name};
    }
    sdk::FetchedSecret secret;
    secret.value = sdk::SecretBytes(at->second);
    return secret;
  }
  std::map<std::string, std::string> values{};
  std::vector<std::string> asked{};
  sdk::FetchRequest last{};
};

}  // namespace

TEST_GROUP(Fetcher) {
  kms_secretd::fakes::ManualClock clock;
  ScriptedBackend backend;
  fetch::Fetcher fetcher{{{"s", {.backend = &backend, .timeout = 7s}}}, clock};
  core::TargetDefinition definition;

  void want(char const* name, char const* stage = "") {
    definition.data.push_back(
        {.source = {.store = "s", .name = name, .versionStage = stage}, .key = name});
  }
};

TEST(Fetcher, ReadsEverySourceOnce) {
  backend.values = {{"a", "1"}, {"b", "2"}};
  want("a");
  want("b");
  want("a");
  auto const result = fetcher.fetch(definition, nullptr);
  auto const& fetched = std::get<core::Fetched>(result);
  CHECK_EQUAL(2U, fetched.sources.size());
  CHECK_TRUE(fetched.find({.store = "s", .name = "b"})->value.reveal() == "2");
  CHECK_TRUE((backend.asked == std::vector<std::string>{"a", "b"}));
}

TEST(Fetcher, AsksForTheExtendedConfigurationWhereSomeDefinitionWantsIt) {
  backend.values = {{"a", "1"}, {"b", "2"}};
  core::TargetDefinition other;
  other.data.push_back({.source = {.store = "s", .name = "a"}, .extendedConfig = true});
  other.extractions.push_back({.source = {.store = "s", .name = "c"}, .extendedConfig = true});
  other.data.push_back({.source = {.store = "s", .name = "b"}});
  auto const reads = fetch::extendedReads({std::make_shared<core::TargetDefinition const>(other)});
  CHECK_TRUE((reads ==
              std::set<core::SourceRef>{{.store = "s", .name = "a"}, {.store = "s", .name = "c"}}));
  fetch::Fetcher asking({{"s", {.backend = &backend}}}, clock, reads);
  want("a");
  (void)asking.fetch(definition, nullptr);
  CHECK_TRUE(backend.last.extendedConfig);
  want("b");
  (void)asking.fetch(definition, nullptr);
  CHECK_FALSE(backend.last.extendedConfig);
}

TEST(Fetcher, B1_OneFailedReadLeavesNothingToWrite) {
  backend.values = {{"a", "1"}};
  want("a");
  want("missing");
  auto const result = fetcher.fetch(definition, nullptr);
  auto const& failure = std::get<core::FetchFailure>(result);
  CHECK_EQUAL(std::string("missing"), failure.source.name);
  CHECK_TRUE(failure.failure.kind == sdk::FailureKind::not_found);
}

TEST(Fetcher, StopsAtTheFirstReadThatFails) {
  backend.values = {{"b", "2"}};
  want("a");
  want("b");
  (void)fetcher.fetch(definition, nullptr);
  CHECK_TRUE((backend.asked == std::vector<std::string>{"a"}));
}

TEST(Fetcher, GivesEachCallTheStoresDeadlineAndWhatWasAskedFor) {
  backend.values = {{"a", "1"}};
  want("a", "ACSPrevious");
  (void)fetcher.fetch(definition, nullptr);
  CHECK_TRUE(backend.last.deadline == clock.boot() + 7s);
  CHECK_EQUAL(std::string("ACSPrevious"), backend.last.versionStage);
}

TEST(Fetcher, CountsCallsByTheServicesCodeAndOnlySoManyOfThem) {
  fetch::CallCounts counts;
  counts.add({.store = "s", .outcome = "not_found", .code = "A"}, 5ms);
  counts.add({.store = "s", .outcome = "not_found", .code = "A"}, 5ms);
  CHECK_EQUAL(2U, counts.all().begin()->second.calls);
  for (std::size_t i = 0; i < 2 * fetch::CallCounts::mostKeys; ++i) {
    counts.add({.store = "s", .outcome = "not_found", .code = std::to_string(i)}, 1ms);
  }
  CHECK_TRUE(counts.all().size() <= fetch::CallCounts::mostKeys + 1);
  CHECK_TRUE(counts.all().contains({.store = "s", .outcome = "not_found", .code = "other"}));
}

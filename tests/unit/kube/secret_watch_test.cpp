// SPDX-License-Identifier: Apache-2.0
#include "kube/secret_watch.hpp"

#include <condition_variable>
#include <mutex>
#include <string>
#include <vector>

#include "kube_bench.hpp"
#include "platform/clock.hpp"

#include <CppUTest/TestHarness.h>

using namespace kms_secretd;
using namespace kms_secretd::kube;
using namespace kms_secretd::kube::test;

namespace {

class Waiting final : public ObservationListener {
 public:
  void onObserved(core::TargetId const& target, core::Observed const&) override {
    std::lock_guard const lock(mutex_);
    said_.push_back(target.text());
    changed_.notify_all();
  }
  void onGone(core::TargetId const&) override {}
  std::size_t count() {
    std::lock_guard const lock(mutex_);
    return said_.size();
  }
  // Waits for the first target that was told of; empty after a guard of 20 s.
  std::string first() {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, std::chrono::seconds(20), [&] { return !said_.empty(); });
    return said_.empty() ? "" : said_.front();
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::string> said_;
};

void add(core::Config& config, char const* namespaceName, char const* name,
         core::CreationPolicy creation = core::CreationPolicy::owner) {
  auto target = std::make_shared<core::TargetDefinition>();
  target->id = {.namespaceName = namespaceName, .name = name};
  target->creation = creation;
  config.targets.push_back(target);
}

}  // namespace

TEST_GROUP(SecretWatch) {
  Bench bench{};
  platform::SystemClock clock{};
  Waiting listener{};
  core::Config config{};

  std::shared_ptr<Connection> connection() {
    auto settings = bench.settings();
    settings.clock = &clock;
    return std::make_shared<Connection>(bench.cluster(), settings);
  }
  sdk::BootTime guard() const { return clock.boot() + std::chrono::seconds(20); }
};

TEST(SecretWatch, WatchesByLabelButWhereMergeTargetsAre) {
  add(config, "z", "a");
  add(config, "m", "a");
  add(config, "m", "b", core::CreationPolicy::merge);
  config.instance = "blue";
  auto const scopes = watchScopes(config);
  CHECK_EQUAL(2U, scopes.size());
  STRCMP_EQUAL("m", scopes[0].namespaceName.c_str());
  STRCMP_EQUAL("", scopes[0].labelSelector.c_str());
  STRCMP_EQUAL("kms-secretd.io/instance=blue", scopes[1].labelSelector.c_str());
}

TEST(SecretWatch, ListsEveryNamespaceAndTellsNobodyOfIt) {
  add(config, "n", "a");
  add(config, "m", "a");
  SecretWatch watch(config, connection(), clock);
  watch.start(listener);
  CHECK(watch.waitForLists(guard(), nullptr));
  for (auto const& state : watch.states()) CHECK(state.listed);
  watch.stop();
  CHECK_EQUAL(0U, listener.count());
}

TEST(SecretWatch, DeliversAnEventWhileItRuns) {
  add(config, "n", "a");
  bench.streams->reply(
      200,
      R"({"kind":"PartialObjectMetadataList","metadata":{"resourceVersion":"10"},"items":[]})");
  bench.streams->reply(
      200,
      R"({"type":"ADDED","object":{"kind":"PartialObjectMetadata","apiVersion":"meta.k8s.io/v1","metadata":{"name":"a","uid":"u","resourceVersion":"11"}}})");
  SecretWatch watch(config, connection(), clock);
  watch.start(listener);
  STRCMP_EQUAL("n/a", listener.first().c_str());
  watch.stop();
  CHECK(watch.store().find({.namespaceName = "n", .name = "a"}).has_value());
}

TEST(SecretWatch, TakesAFailedListForAnAttempt) {
  add(config, "n", "a");
  bench.streams->reply(403, "{}");
  SecretWatch watch(config, connection(), clock);
  watch.start(listener);
  CHECK(watch.waitForLists(guard(), nullptr));
  CHECK_FALSE(watch.states().at(0).listed);
  CHECK(!watch.states().at(0).problem.empty());
}

TEST(SecretWatch, StopsWhileListsHangAndWhileItWaits) {
  add(config, "n", "a");
  add(config, "m", "a");
  bench.streams->hang();
  bench.streams->reply(500, "{}");
  SecretWatch watch(config, connection(), clock);
  watch.start(listener);
  platform::EventCancellation cancelled;
  cancelled.request();
  CHECK_FALSE(watch.waitForLists(guard(), &cancelled));
  CHECK_FALSE(watch.waitForLists(clock.boot(), nullptr));
  watch.stop();
  watch.stop();
}

TEST(SecretWatch, HasNothingToWaitForWithoutTargets) {
  SecretWatch watch(config, connection(), clock);
  watch.start(listener);
  CHECK(watch.waitForLists(guard(), nullptr));
  CHECK(watch.states().empty());
}

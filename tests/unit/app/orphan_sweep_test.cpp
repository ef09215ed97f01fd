// SPDX-License-Identifier: Apache-2.0
#include "app/orphan_sweep.hpp"

#include <map>
#include <string>
#include <vector>

#include "app/sweep_setup.hpp"
#include "core/marks.hpp"
#include "fakes/manual_clock.hpp"

#include <CppUTest/TestHarness.h>

using namespace kms_secretd;
using namespace std::chrono_literals;
using core::KubeFailureKind;
using report::EventId;
namespace marks = core::marks;

namespace {

// A Secret of ours as its last apply left it.
core::Observed written(std::string const& uid, core::DeletionPolicy deletion) {
  core::TargetDefinition definition;
  definition.deletion = deletion;
  core::Observed object;
  object.exists = true;
  object.uid = uid;
  object.resourceVersion = "7";
  object.labels = marks::labels(definition, "default");
  object.annotations = marks::annotations(definition, {});
  object.managed = {{.manager = "kms-secretd/default",
                     .apply = true,
                     .dataKeys = {"a"},
                     .labels = {marks::instanceLabel},
                     .annotations = marks::annotationNames(definition)}};
  return object;
}

core::KubeFailure failure(KubeFailureKind kind) {
  return {.kind = kind, .message = "the server says no", .remedy = "ask it nicely"};
}

/// A cluster that is a map, and fails where it is told to.
struct Shop {
  std::map<std::string, std::map<std::string, core::Observed>> secrets{};
  std::map<std::string, KubeFailureKind> listsThatFail{};
  std::map<std::string, KubeFailureKind> removalsThatFail{};
  std::vector<std::string> removed{};
  int lists = 0;

  void have(std::string const& name, core::DeletionPolicy deletion) {
    secrets["shop"][name] = written("uid-" + name, deletion);
  }
  core::KubeResult<bool> list(std::string const& name, kube::SecretVisitor const& visitor) {
    ++lists;
    auto const at = listsThatFail.find(name);
    if (at != listsThatFail.end()) return failure(at->second);
    for (auto const& [secret, observed] : secrets[name]) visitor(secret, observed);
    return true;
  }
  core::KubeResult<bool> remove(apply::KeyChange const& change) {
    auto const& name = change.target.name;
    auto const at = removalsThatFail.find(name);
    if (at != removalsThatFail.end()) return failure(at->second);
    removed.push_back(name + " " + change.uid + " " + change.resourceVersion);
    secrets[change.target.namespaceName].erase(name);
    return true;
  }
};

}  // namespace

// The sweep without its thread.
TEST_GROUP(OrphanSweep) {
  fakes::ManualClock clock;
  Shop shop{};
  std::vector<std::string> members{};  // with other definitions
  bool leads = true;
  int wakes = 0;
  std::set<core::TargetId> defined{};
  std::string approved{};

  void orphans(int count) {
    for (int i = 0; i < count; ++i) {
      shop.have("gone-" + std::to_string(i), core::DeletionPolicy::remove);
    }
  }
  // Secrets that are defined, so that a few orphans are little.
  void defineMany() {
    for (int i = 0; i < 100; ++i) {
      auto const name = "kept-" + std::to_string(i);
      shop.have(name, core::DeletionPolicy::remove);
      defined.insert({.namespaceName = "shop", .name = name});
    }
  }
  app::SweepSettings settings() {
    app::SweepSettings made;
    made.namespaces = {"shop"};
    made.defined = defined;
    made.approved = approved;
    made.clock = &clock;
    made.list = [this](auto const& name, auto const& visitor, auto const&) {
      return shop.list(name, visitor);
    };
    made.remove = [this](auto const& change, auto const&) { return shop.remove(change); };
    made.mayWork = [this] { return leads; };
    made.differing = [this] { return members; };
    made.wake = [this] { ++wakes; };
    return made;
  }
  static std::string eventsOf(app::OrphanSweep & sweep) {
    std::string text;
    for (auto const& news : sweep.takeNews()) {
      text += std::string(rowOf(news.event).name) + ": " + news.message + "\n";
    }
    return text;
  }
};

TEST(OrphanSweep, B6_DeletesWhatSaysSoItselfWithUidAndResourceVersionAndLeavesTheRest) {
  defineMany();
  shop.have("gone", core::DeletionPolicy::remove);
  shop.have("retained", core::DeletionPolicy::retain);
  auto foreign = written("x", core::DeletionPolicy::remove);
  foreign.managed.front().manager = "kubectl";
  shop.secrets["shop"]["copy"] = foreign;
  app::OrphanSweep sweep(settings());
  CHECK(sweep.attempt() == 1s);
  CHECK((shop.removed == std::vector<std::string>{"gone uid-gone 7"}));
  CHECK(wakes > 0);
  STRCMP_EQUAL(
      "SECRET_DELETED: shop/gone: deleted, for its definition is gone and its "
      "deletion_policy was \"delete\"\n",
      eventsOf(sweep).c_str());
}

TEST(OrphanSweep, LooksOnceAndAgainOnlyAfterItLeadsAnew) {
  shop.have("gone", core::DeletionPolicy::remove);
  app::OrphanSweep sweep(settings());
  (void)sweep.attempt();
  (void)sweep.attempt();
  LONGS_EQUAL(1, shop.lists);
  leads = false;
  (void)sweep.attempt();
  leads = true;
  (void)sweep.attempt();
  LONGS_EQUAL(2, shop.lists);
}

TEST(OrphanSweep, AStandbyDeletesNothing) {
  orphans(1);
  leads = false;
  app::OrphanSweep sweep(settings());
  (void)sweep.attempt();
  LONGS_EQUAL(0, shop.lists);
  CHECK(shop.removed.empty());
}

TEST(OrphanSweep, ALeaderWaitsUntilItsRenewalsHaveToldOfEveryMember) {
  orphans(1);
  auto made = settings();
  made.patience = 15s;
  app::OrphanSweep sweep(std::move(made));
  for (int i = 0; i < 15; ++i) {
    (void)sweep.attempt();
    clock.advance(1s);
  }
  LONGS_EQUAL(0, shop.lists);
  members = {"node-b"};  // it came a moment before the reload
  (void)sweep.attempt();
  CHECK(shop.removed.empty());
  members.clear();
  (void)sweep.attempt();
  LONGS_EQUAL(1, shop.removed.size());
}

TEST(OrphanSweep, NothingIsDeletedWhileAMemberHasOtherDefinitionsAndAllOnceItAgrees) {
  orphans(1);
  members = {"node-b"};
  app::OrphanSweep sweep(settings());
  (void)sweep.attempt();
  CHECK(shop.removed.empty());
  members.clear();
  (void)sweep.attempt();
  LONGS_EQUAL(1, shop.removed.size());
}

TEST(OrphanSweep, HoldsWhatIsMuchAtOnceAndSaysOnceWhatToDo) {
  orphans(6);
  defineMany();
  app::OrphanSweep sweep(settings());
  (void)sweep.attempt();
  (void)sweep.attempt();
  CHECK(shop.removed.empty());
  LONGS_EQUAL(6, sweep.held()->drops.size());
  auto const said = eventsOf(sweep);
  STRCMP_CONTAINS("DELETIONS_HELD: 6 of 106 Secrets", said.c_str());
  STRCMP_CONTAINS("shop/gone-0", said.c_str());
  STRCMP_CONTAINS(("approve = \"" + sweep.held()->approval + "\"").c_str(), said.c_str());
  STRCMP_CONTAINS("6 Secrets without a definition is held", sweep.sentence().c_str());
  STRCMP_EQUAL("", eventsOf(sweep).c_str());
}

TEST(OrphanSweep, DeletesWhatIsApprovedByHand) {
  orphans(6);
  app::OrphanSweep sweep(settings());
  (void)sweep.attempt();
  CHECK_FALSE(sweep.approve("00000000"));
  CHECK(sweep.approve(sweep.held()->approval));
  (void)sweep.attempt();
  LONGS_EQUAL(6, shop.removed.size());
  CHECK_FALSE(sweep.held().has_value());
  STRCMP_EQUAL("", sweep.sentence().c_str());
}

TEST(OrphanSweep, DeletesWhatTheConfigurationApproves) {
  orphans(6);
  {
    app::OrphanSweep before(settings());
    (void)before.attempt();
    approved = before.held()->approval;
  }
  app::OrphanSweep sweep(settings());
  (void)sweep.attempt();
  LONGS_EQUAL(6, shop.removed.size());
}

TEST(OrphanSweep, AnApprovalDoesNotCoverWhatWasOrphanedSince) {
  orphans(6);
  app::OrphanSweep sweep(settings());
  (void)sweep.attempt();
  CHECK(sweep.approve(sweep.held()->approval));
  orphans(7);
  (void)sweep.attempt();
  CHECK(shop.removed.empty());
  LONGS_EQUAL(7, sweep.held()->drops.size());
}

TEST(OrphanSweep, WhatWasApprovedOnceIsHeldAgainTheNextTime) {
  orphans(6);
  app::OrphanSweep sweep(settings());
  (void)sweep.attempt();
  CHECK(sweep.approve(sweep.held()->approval));
  (void)sweep.attempt();
  orphans(6);
  leads = false;
  (void)sweep.attempt();
  leads = true;
  (void)sweep.attempt();
  LONGS_EQUAL(6, shop.removed.size());
  CHECK(sweep.held().has_value());
}

TEST(OrphanSweep, WhatChangedMeanwhileIsLookedAtAgain) {
  orphans(1);
  shop.removalsThatFail["gone-0"] = KubeFailureKind::changed;
  app::OrphanSweep sweep(settings());
  (void)sweep.attempt();
  STRCMP_EQUAL("", eventsOf(sweep).c_str());
  shop.removalsThatFail.clear();
  (void)sweep.attempt();
  LONGS_EQUAL(1, shop.removed.size());
}

TEST(OrphanSweep, SaysOnceWhyItCannotDeleteAndTriesAgain) {
  orphans(1);
  shop.removalsThatFail["gone-0"] = KubeFailureKind::forbidden;
  app::OrphanSweep sweep(settings());
  CHECK(sweep.attempt() == 5min);
  STRCMP_CONTAINS(
      "DELETION_TROUBLE: shop/gone-0 has no definition any more and cannot be deleted: "
      "the server says no: ask it nicely",
      eventsOf(sweep).c_str());
  (void)sweep.attempt();
  STRCMP_EQUAL("", eventsOf(sweep).c_str());
  LONGS_EQUAL(2, shop.lists);
}

TEST(OrphanSweep, ANamespaceThatCannotBeListedKeepsNoOtherWaiting) {
  orphans(1);
  auto made = settings();
  made.namespaces = {"dark", "shop"};
  shop.listsThatFail["dark"] = KubeFailureKind::unavailable;
  app::OrphanSweep sweep(std::move(made));
  CHECK(sweep.attempt() == 30s);
  LONGS_EQUAL(1, shop.removed.size());
  STRCMP_CONTAINS("in namespace dark", eventsOf(sweep).c_str());
  CHECK((sweep.unfinished() == std::set<std::string>{"dark", "shop"}));
  shop.listsThatFail.clear();
  (void)sweep.attempt();
  CHECK(sweep.unfinished().empty());
}

TEST_GROUP(SweepSetup) {
  core::Config config{};
  void define(char const* namespaceName, core::DeletionPolicy deletion) {
    auto target = std::make_shared<core::TargetDefinition>();
    target->id = {.namespaceName = namespaceName, .name = "s"};
    target->deletion = deletion;
    config.targets.push_back(target);
  }
  void setup() override {
    define("retains", core::DeletionPolicy::retain);
    define("deletes", core::DeletionPolicy::remove);
    config.deletion.namespaces = {"old"};
    config.clusters["default"] = {};
  }
};

TEST(SweepSetup, AWatchedClusterIsLookedThroughWhereverThereIsADefinition) {
  auto const settings = app::sweepSettings(config, "default");
  CHECK((settings.namespaces == std::set<std::string>{"deletes", "old", "retains"}));
  CHECK(settings.patience == config.highAvailability.leaseDuration);
  LONGS_EQUAL(2, settings.defined.size());
}

TEST(SweepSetup, APolledOneOnlyWhereADefinitionSaysDelete) {
  config.clusters["default"].observe = core::ObserveMode::poll;
  auto const settings = app::sweepSettings(config, "default");
  CHECK((settings.namespaces == std::set<std::string>{"deletes", "old"}));
}

TEST(SweepSetup, TheNamespaceOfALastDefinitionThatSaidDeleteIsNotForgottenByTheReload) {
  CHECK((app::leftBy(config, nullptr) == std::set<std::string>{"deletes", "old"}));
}

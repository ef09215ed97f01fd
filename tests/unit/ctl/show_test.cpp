// SPDX-License-Identifier: Apache-2.0
#include "ctl/show.hpp"

#include <boost/json.hpp>
#include <string>

#include <CppUTest/TestHarness.h>

#include "control/view_json.hpp"
#include "unit/control/example.hpp"

using namespace kms_secretd::ctl;
namespace control = kms_secretd::control;

TEST_GROUP(Show) {
  control::Snapshot all = control::exampleSnapshot();

  std::string status(bool coloured = false) {
    Screen screen(coloured);
    showStatus(screen, control::statusJson(all));
    return screen.text();
  }
};

TEST(Show, StatusNamesTheLeaderAndAStandbyIsReadyWithoutALookAtSecrets) {
  all.leadership = "standby: node-b_1 leads since 2026-09-21T14:03:20Z";
  all.clusters.front().standby = true;
  all.stores.clear();
  auto const text = status();
  STRCMP_CONTAINS("up 60 min, ready\n", text.c_str());
  STRCMP_CONTAINS("  leader    standby: node-b_1 leads since 2026-09-21T14:03:20Z\n", text.c_str());
}

TEST(Show, ClustersAreNamedOnceThereIsAnother) {
  Screen one(false);
  showList(one, control::targetsJson(all));
  CHECK(one.text().find("CLUSTER") == std::string::npos);
  all.clusters.push_back({.name = "north", .server = "https://n:6443", .observe = "watch"});
  all.clusters.back().breakerOpen = true;
  all.targets[1].id.cluster = "north";
  Screen two(false);
  showList(two, control::targetsJson(all));
  STRCMP_CONTAINS("CLUSTER  NAMESPACE  NAME", two.text().c_str());
  STRCMP_CONTAINS("north    a ", two.text().c_str());
  auto const text = status();
  STRCMP_CONTAINS("  cluster   north: https://n:6443 (watch) does not answer, probed",
                  text.c_str());
  STRCMP_CONTAINS("not ready cluster north: the API server does not answer\n", text.c_str());
  STRCMP_CONTAINS("\nnorth:a/failing is failing: timed_out\n", text.c_str());
}

TEST(Show, StatusFitsOnOneScreenWithTheFailingOnesFirst) {
  CHECK_EQUAL(std::string(
                  R"(kms-secretd 1.2.3, instance default, up 60 min, not ready
  not ready 1 of 5 secrets were not looked at yet
  not ready store broken does not answer
  secrets   1 of 5 in sync, 1 contested, 1 held, 1 failing, 1 pending
  queue     2 due, 1 under way
  cluster   https://k8s:6443 (watch)
  login     client certificate ends in 24 h
  held      the deletion of 2 Secrets whose definition is gone: kms-secretctl approve --deletions

STORE   BACKEND       STATE                                    CREDENTIAL                   WHO WE ARE
broken  kms-endpoint  does not answer, probed every 5 to 60 s  -                            -
good    kms-endpoint  not asked yet                            client key k ends in 2 days  access_key, access key id ...x7Qp

a/failing is failing: timed_out
  since     2026-09-21T14:03:20Z (10 min ago)
  why       store broken: no answer
  effect    the Secret keeps the values of 2026-09-21T14:01:20Z; changes in the store do not arrive
  do        look at the network

b/held is held
  since     2026-09-21T14:11:20Z (2 min ago)
  why       more than half of the Secret's keys would be dropped at once
  effect    the Secret keeps the values of 2026-09-21T14:10:20Z; changes in the store do not arrive
  do        kms-secretctl approve b/held

a/contested is contested
  since     2026-09-21T14:08:20Z (5 min ago)
  why       held: password by kubectl-edit
  effect    the Secret is put back again and again, each time a little later
)"),
              status());
}

TEST(Show, DescribesWhenKmsMeansToRotateASource) {
  auto target = all.targets.front();
  target.sources = {{.key = "k", .source = {.store = "shared", .name = "prod/rds"}}};
  auto const described = [&target] {
    Screen screen(false);
    showTarget(screen, control::targetJson(target));
    return screen.text();
  };
  CHECK_TRUE(described().find("rotation") == std::string::npos);
  target.sources.front().nextRotation =
      kms_secretd::sdk::WallTime{std::chrono::seconds{1893456000}};
  STRCMP_CONTAINS("rotation  shared/prod/rds by KMS at 2030-01-01T00:00:00Z\n",
                  described().c_str());
}

TEST(Show, ABrokenRotationShowsEverywhereWithItsRemedy) {
  all.targets[2].brokenRotations = {"shared/rds"};
  auto const told =
      "  rotation  KMS cannot rotate shared/rds any more, its current value stays in use: look at "
      "it "
      "in the KMS console\n";
  STRCMP_CONTAINS(told, status().c_str());
  Screen described(false);
  showTarget(described, control::targetJson(all.targets[2]));
  STRCMP_CONTAINS(told, described.text().c_str());
  Screen listed(false);
  showList(listed, control::targetsJson(all));
  STRCMP_CONTAINS("in_sync    rotation broken", listed.text().c_str());
}

TEST(Show, NeverLetsControlCharactersReachTheTerminal) {
  all.targets[1].message = "evil \x1b[2J\x07 text\nsecond line";
  auto const text = status();
  STRCMP_CONTAINS("why       evil  [2J  text second line\n", text.c_str());
  CHECK_TRUE(text.find('\x1b') == std::string::npos);
  CHECK_TRUE(status(true).find("\x1b[1;31m") != std::string::npos);
}

TEST(Show, AllIsWellOnlyWhenNothingIsInTroubleOrPending) {
  CHECK_FALSE(allWell(control::statusJson(all)));
  all.stores.erase(all.stores.begin());
  all.targets = {all.targets[2]};
  CHECK_FALSE(allWell(control::statusJson(all)));  // deletions are held
  all.clusters.front().heldDeletions.reset();
  CHECK_TRUE(allWell(control::statusJson(all)));
  all.refusedSince = all.now;
  CHECK_FALSE(allWell(control::statusJson(all)));
}

TEST(Show, LivesThroughAnswersThatAreNotAsTheyShouldBe) {
  Screen screen(false);
  for (auto const* odd : {"{}", R"({"stores":7,"targets":[],"trouble":{},"now":3})"}) {
    auto const document = boost::json::parse(odd).as_object();
    showStatus(screen, document);
    showList(screen, document);
    showTarget(screen, document);
  }
  CHECK_FALSE(screen.text().empty());
}

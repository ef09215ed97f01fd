// SPDX-License-Identifier: Apache-2.0
#include "app/leadership.hpp"

#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "unit/kube/kube_bench.hpp"

#include <CppUTest/TestHarness.h>

using namespace kms_secretd;
using namespace std::chrono_literals;
using app::Leadership;
using core::KubeFailureKind;

namespace {

core::KubeFailure failure(KubeFailureKind kind, int status = 0) {
  return {.kind = kind, .status = status, .message = "the server said no", .remedy = "mend it"};
}

// The one Lease of a server, with its preconditions.
struct LeaseServer {
  std::optional<kube::Lease> lease{};
  int version = 0;
  int reads = 0;
  int writes = 0;
  std::function<std::optional<core::KubeFailure>()> trouble = [] { return std::nullopt; };
  std::function<void()> beforeWrite = [] {};

  core::KubeResult<std::optional<kube::Lease>> read() {
    ++reads;
    if (auto why = trouble()) return *why;
    return lease;
  }
  core::KubeResult<kube::Lease> write(kube::Lease const& next) {
    ++writes;
    std::exchange(beforeWrite, [] {})();
    if (auto why = trouble()) return *why;
    auto const current = lease ? lease->resourceVersion : std::string();
    if (next.resourceVersion != current) return failure(KubeFailureKind::changed, 409);
    lease = next;
    lease->resourceVersion = std::to_string(++version);
    return *lease;
  }
};

}  // namespace

TEST_GROUP(Leadership) {
  kube::test::HandClock clock{};
  LeaseServer server{};
  std::unique_ptr<Leadership> us = make("us", "aaaa");
  std::unique_ptr<Leadership> other = make("other", "aaaa");

  std::unique_ptr<Leadership> make(std::string const& id, std::string const& definitions,
                                   std::string const& name = "kms-secretd-default") {
    return std::make_unique<Leadership>(app::LeadershipSettings{
        .election = {.identity = id},
        .self = {.id = id, .node = "node-" + id, .definitions = definitions},
        .place = {.namespaceName = "kube-system", .name = name},
        .cluster = "https://one",
        .clock = &clock,
        .read = [this](auto const&) { return server.read(); },
        .write = [this](auto const& lease, auto const&) { return server.write(lease); }});
  }
  static std::string said(Leadership & who) {
    std::string text;
    for (auto const& news : who.takeNews()) {
      text += std::string(rowOf(news.id).name) + ": " + news.text + "\n";
    }
    return text;
  }
  std::string holder() const { return server.lease ? server.lease->record.holder : "nobody"; }
};

TEST(Leadership, LeadsAtOnceWhereThereIsNoLease) {
  us->attempt();
  CHECK_TRUE(us->leads());
  STRCMP_EQUAL("us", holder().c_str());
  STRCMP_CONTAINS("LEADER_GAINED: us leads", said(*us).c_str());
  STRCMP_CONTAINS("leads since 2027-01-15T08:00:00Z", us->sentence().c_str());
}

TEST(Leadership, RenewsByOneWriteWithoutALook) {
  us->attempt();
  clock.advance(2s);
  us->attempt();
  CHECK_EQUAL(1, server.reads);
  CHECK_EQUAL(2, server.writes);
  STRCMP_CONTAINS("LEADER_GAINED", said(*us).c_str());
  clock.advance(9s);
  CHECK_TRUE(us->leads());
}

TEST(Leadership, StandsByAndSaysOnceWhoLeads) {
  us->attempt();
  other->attempt();
  other->attempt();
  CHECK_FALSE(other->leads());
  STRCMP_EQUAL("LEADER_OTHER: standby: us leads\n", said(*other).c_str());
  STRCMP_CONTAINS("standby: us leads since 2027-01-15T08:00:00Z", other->sentence().c_str());
  CHECK_TRUE(other->standsBy());
  CHECK_FALSE(us->standsBy());
  clock.advance(15s);
  CHECK_FALSE(other->standsBy());
}

TEST(Leadership, TakesOverTheMomentThatASilentLeadersTimeIsOver) {
  us->attempt();
  other->attempt();
  clock.advance(14s);
  other->attempt();
  CHECK_FALSE(other->leads());
  CHECK_TRUE(other->pause() == 1s);
  clock.advance(1s);
  other->attempt();
  CHECK_TRUE(other->leads());
  CHECK_FALSE(us->leads());
  us->attempt();
  CHECK_FALSE(us->leads());
  auto const text = said(*us);
  STRCMP_CONTAINS("LEADER_LOST", text.c_str());
  STRCMP_CONTAINS("LEADER_OTHER: standby: other leads", text.c_str());
}

TEST(Leadership, RenewsThroughTheAnnouncementsOfOthers) {
  us->attempt();
  other->attempt();  // announces itself, so that our version is an old one
  clock.advance(2s);
  us->attempt();
  CHECK_TRUE(us->leads());
  clock.advance(9s);
  CHECK_TRUE(us->leads());
  CHECK_TRUE(server.lease->annotations.contains("member.kms-secretd.io/other"));
  CHECK_TRUE(server.lease->annotations.contains("member.kms-secretd.io/us"));
}

TEST(Leadership, GivesWayToWhoTookTheLeaseBetweenItsLookAndItsWrite) {
  server.beforeWrite = [this] {
    kube::Lease theirs;
    theirs.record = {.holder = "third", .duration = 15s};
    theirs.resourceVersion = "77";
    server.lease = theirs;
  };
  us->attempt();
  CHECK_FALSE(us->leads());
  STRCMP_EQUAL("third", holder().c_str());
}

TEST(Leadership, LeadsNotByAWriteThatWasNotAnswered) {
  us->attempt();
  server.trouble = [] { return failure(KubeFailureKind::timed_out); };
  for (int i = 0; i < 5; ++i) {
    clock.advance(2s);
    us->attempt();
  }
  CHECK_FALSE(us->leads());
  auto const text = said(*us);
  STRCMP_CONTAINS("LEADER_LOST: this daemon leads no longer (it could not be renewed in time)",
                  text.c_str());
  STRCMP_CONTAINS("LEASE_TROUBLE: the Lease kube-system/kms-secretd-default cannot be had",
                  text.c_str());
  STRCMP_CONTAINS("cannot be had: the server said no", us->sentence().c_str());
  server.trouble = [] { return std::nullopt; };
  us->attempt();
  CHECK_TRUE(us->leads());
}

TEST(Leadership, NamesAMissingRightAtOnceAndOnlyOnce) {
  server.trouble = [] { return failure(KubeFailureKind::forbidden, 403); };
  us->attempt();
  STRCMP_CONTAINS("LEASE_TROUBLE", said(*us).c_str());
  us->attempt();
  STRCMP_EQUAL("", said(*us).c_str());
  CHECK_FALSE(us->leads());
  server.trouble = [] { return failure(KubeFailureKind::namespace_absent, 404); };
  auto const third = make("third", "aaaa");
  third->attempt();
  STRCMP_CONTAINS("name another as lease_namespace", said(*third).c_str());
}

TEST(Leadership, ReleasesSoThatTheNextNeedNotWait) {
  us->attempt();
  other->attempt();
  us->stop();
  us->release(clock.boot() + 1s);
  STRCMP_EQUAL("", holder().c_str());
  CHECK_FALSE(server.lease->annotations.contains("member.kms-secretd.io/us"));
  other->attempt();
  CHECK_TRUE(other->leads());
  LONGS_EQUAL(1, server.lease->record.transitions);
}

TEST(Leadership, ReleasesNothingThatIsNotItsOwn) {
  us->attempt();
  clock.advance(1h);
  other->attempt();
  clock.advance(15s);
  other->attempt();
  CHECK_TRUE(other->leads());
  us->stop();
  us->release(clock.boot() + 1s);
  STRCMP_EQUAL("other", holder().c_str());
}

TEST(Leadership, OfAStandbyLeavesTheMembersAndKeepsTheHolder) {
  us->attempt();
  other->attempt();
  other->stop();
  other->release(clock.boot() + 1s);
  STRCMP_EQUAL("us", holder().c_str());
  CHECK_FALSE(server.lease->annotations.contains("member.kms-secretd.io/other"));
}

TEST(Leadership, GoesOnThroughAReloadWithNewDefinitions) {
  us->attempt();
  us->stop();
  auto const next = make("us", "bbbb");
  CHECK_TRUE(next->inherit(*us));
  CHECK_TRUE(next->leads());
  next->attempt();
  STRCMP_EQUAL("node-us bbbb 1", server.lease->annotations["member.kms-secretd.io/us"].c_str());
  auto const elsewhere = make("us", "bbbb", "kms-secretd-second");
  CHECK_FALSE(elsewhere->inherit(*next));
  CHECK_FALSE(elsewhere->leads());
}

TEST(Leadership, SaysWhileDefinitionsDifferAndWhenTheyAgreeAgain) {
  auto differs = make("differs", "bbbb");
  us->attempt();
  differs->attempt();
  clock.advance(2s);
  us->attempt();
  auto text = said(*us);
  STRCMP_CONTAINS(
      "DEFINITIONS_DIFFER: other definitions than here (aaaa) has node-differs "
      "(definitions bbbb)",
      text.c_str());
  STRCMP_CONTAINS("nothing is deleted while definitions differ: node-differs",
                  us->sentence().c_str());
  STRCMP_CONTAINS("node-us", said(*differs).c_str());
  differs->release(clock.boot() + 1s);
  clock.advance(2s);
  us->attempt();
  STRCMP_CONTAINS("DEFINITIONS_AGREE", said(*us).c_str());
}

TEST(Leadership, ShowsNoControlCharactersOfAHolder) {
  kube::Lease theirs;
  theirs.record = {.holder = "evil\x1b[31m\n" + std::string(1000, 'x'), .duration = 15s};
  theirs.resourceVersion = "77";
  server.lease = theirs;
  us->attempt();
  auto const text = us->sentence() + said(*us);
  CHECK_TRUE(text.find('\x1b') == std::string::npos);
  CHECK_TRUE(text.size() < 500);
}

TEST(Leadership, WakesWhoWaitsAndStopsAtOnce) {
  us->start();
  while (!us->leads()) {
  }
  us->stop();
  STRCMP_CONTAINS("LEADER_GAINED", said(*us).c_str());
  us->clearWake();
}

// SPDX-License-Identifier: Apache-2.0
#include "app/cluster_watch.hpp"

#include <memory>
#include <string>

#include "core/marks.hpp"
#include "platform/stop.hpp"
#include "unit/kube/kube_bench.hpp"

#include <CppUTest/TestHarness.h>

using namespace kms_secretd;
namespace marks = core::marks;

// What the watch's record means for rounds; the watching itself is proven in unit/kube.
TEST_GROUP(ClusterWatch) {
  kube::test::Bench bench{};
  core::Config config = oneTarget();
  app::DirtyTargets dirty{};
  std::shared_ptr<kube::Connection> connection =
      std::make_shared<kube::Connection>(bench.cluster(), bench.settings());
  platform::EventCancellation never{};
  app::ClusterWatch watch{config, connection, bench.clock, dirty};

  static core::Config oneTarget() {
    core::TargetDefinition target;
    target.id = {.namespaceName = "payments", .name = "db"};
    target.data = {{.source = {.store = "shared", .name = "a"}, .key = "a"}};
    target.hash = "abc";
    core::Config config;
    config.targets = {std::make_shared<core::TargetDefinition const>(target)};
    return config;
  }
  core::TargetDefinition const& target() const { return *config.targets.front(); }

  // The Secret as an apply of ours leaves it.
  core::Observed asWeLeftIt(std::string const& version) const {
    core::Observed object;
    object.exists = true;
    object.uid = "u";
    object.resourceVersion = version;
    object.labels = marks::labels(target(), config.instance);
    object.annotations = {{marks::definitionAnnotation, target().hash},
                          {marks::keysAnnotation, "a"}};
    core::ManagedEntry ours{.manager = config.fieldManager(), .apply = true, .dataKeys = {"a"}};
    for (auto const& [name, value] : object.labels) ours.labels.push_back(name);
    ours.annotations = marks::annotationNames(target());
    object.managed = {ours};
    return object;
  }
  core::AppliedRecord record(std::string const& version) const {
    return {.digest = core::Digest{},
            .definitionHash = target().hash,
            .uid = "u",
            .resourceVersion = version,
            .versions = {},
            .keys = {{.name = "a"}}};
  }
  void seen(core::Observed const& object) { watch.asked(target().id, object); }
};

TEST(ClusterWatch, KnowsWhatTheServerWasAskedFor) {
  CHECK_FALSE(watch.known(target().id, {}).has_value());
  seen(asWeLeftIt("7"));
  STRCMP_EQUAL("7", watch.known(target().id, record("7"))->resourceVersion.c_str());
}

TEST(ClusterWatch, OffersNothingOlderThanWhatTheLastRoundLeft) {
  seen(asWeLeftIt("7"));
  CHECK_FALSE(watch.known(target().id, record("8")).has_value());
}

TEST(ClusterWatch, DoesNotTrustItsSightOfASecretWithoutOurLabel) {
  auto foreign = asWeLeftIt("7");
  foreign.labels.clear();
  foreign.managed.clear();
  seen(foreign);
  CHECK_FALSE(watch.known(target().id, {}).has_value());
}

TEST(ClusterWatch, AsksAgainAfterTheServerDisagreed) {
  seen(asWeLeftIt("7"));
  watch.mistaken(target().id);
  CHECK_FALSE(watch.known(target().id, record("7")).has_value());
}

TEST(ClusterWatch, TellsAtAStartWhichSecretsHaveOurDefinition) {
  CHECK(watch.seen().empty());
  seen(asWeLeftIt("7"));
  CHECK_TRUE(watch.seen().at(target().id).definitionEqual);
  auto other = asWeLeftIt("8");
  other.annotations[marks::definitionAnnotation] = "another";
  seen(other);
  CHECK_TRUE(watch.seen().at(target().id).exists);
  CHECK_FALSE(watch.seen().at(target().id).definitionEqual);
}

TEST(ClusterWatch, HandsOutNothingOfANamespaceThatItDoesNotFollow) {
  seen(asWeLeftIt("7"));
  CHECK_FALSE(
      watch.visitOurs("payments", [](auto const&, auto const&) { FAIL("not listed yet"); }));
  CHECK_FALSE(watch.visitOurs("other", [](auto const&, auto const&) { FAIL("not watched"); }));
}

TEST(ClusterWatch, HandsOutAllSecretsOfOursOnceItHasListedThem) {
  watch.start();
  watch.waitForLists(bench.clock.boot() + std::chrono::seconds(5), never);
  CHECK_TRUE(
      watch.visitOurs("payments", [](auto const&, auto const&) { FAIL("the list is empty"); }));
  CHECK_FALSE(watch.visitOurs("other", [](auto const&, auto const&) { FAIL("not watched"); }));
  watch.stop();
}

TEST(ClusterWatch, SeesNoDriftWhereOnlyTheResourceVersionMoved) {
  seen(asWeLeftIt("9"));
  CHECK_FALSE(watch.drifted(target(), record("7")));
}

// An echo of our own write is not decided about: not even this one, that lacks a key, as the server
// then had it from us.
TEST(ClusterWatch, SeesNoDriftInTheVersionThatTheLastRoundLeft) {
  auto object = asWeLeftIt("7");
  object.managed.front().dataKeys.clear();
  seen(object);
  CHECK_FALSE(watch.drifted(target(), record("7")));
  CHECK_TRUE(watch.drifted(target(), record("6")));
}

TEST(ClusterWatch, DecidesAboutThatVersionWhereTheDefinitionWantsMore) {
  auto object = asWeLeftIt("7");
  object.managed.push_back({.manager = "kubectl", .dataKeys = {"foreign"}});
  seen(object);
  auto definition = target();
  definition.foreignKeys = core::ForeignKeys::remove;
  CHECK_TRUE(watch.drifted(definition, record("7")));
  definition = target();
  definition.hash = "of a later configuration";
  CHECK_TRUE(watch.drifted(definition, record("7")));
}

TEST(ClusterWatch, DecidesAboutThatVersionWhereACreateIsUnsettled) {
  auto object = asWeLeftIt("7");
  object.managed.push_back({.manager = "kubectl", .type = true});
  seen(object);
  auto unsettled = record("7");
  unsettled.createUnsettled = true;
  CHECK_TRUE(watch.drifted(target(), unsettled));
}

TEST(ClusterWatch, SeesDriftWhereAKeyIsNoLongerOurs) {
  auto object = asWeLeftIt("9");
  object.managed.front().dataKeys.clear();
  object.managed.push_back({.manager = "kubectl", .dataKeys = {"a"}});
  seen(object);
  CHECK_TRUE(watch.drifted(target(), record("7")));
}

TEST(ClusterWatch, SeesDriftWhereTheSecretWasMadeAnew) {
  auto object = asWeLeftIt("9");
  object.uid = "another";
  seen(object);
  CHECK_TRUE(watch.drifted(target(), record("7")));
}

TEST(ClusterWatch, SeesDriftWhereTheSecretIsOutOfSight) {
  CHECK_TRUE(watch.drifted(target(), record("7")));
}

TEST(ClusterWatch, LeavesATargetAloneThatHadNoGoodRoundYet) {
  CHECK_FALSE(watch.drifted(target(), {}));
}

TEST(ClusterWatch, LeavesATerminatingSecretAloneUntilItIsGone) {
  auto object = asWeLeftIt("9");
  object.terminating = true;
  seen(object);
  CHECK_FALSE(watch.drifted(target(), record("7")));
}

TEST(ClusterWatch, IgnoresNewsFromBeforeItsLastRound) {
  auto object = asWeLeftIt("6");
  object.managed.front().dataKeys.clear();
  seen(object);
  CHECK_FALSE(watch.drifted(target(), record("7")));
}

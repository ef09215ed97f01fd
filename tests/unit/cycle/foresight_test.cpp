// SPDX-License-Identifier: Apache-2.0
#include "cycle/foresight.hpp"

#include <map>
#include <string>

#include "core/marks.hpp"
#include "fakes/fake_kube_api.hpp"
#include "fakes/manual_clock.hpp"

#include <CppUTest/TestHarness.h>

using namespace kms_secretd;
using namespace std::chrono_literals;
using core::Action;
using core::PlanReason;
using cycle::KeyFate;
namespace marks = core::marks;

namespace {

class TwoValues final : public sdk::Backend {
 public:
  sdk::Result<sdk::FetchedSecret> fetch(sdk::FetchRequest const& request) noexcept override {
    if (request.name == denied) {
      return sdk::Failure{.kind = sdk::FailureKind::permission_denied, .message = "not allowed"};
    }
    sdk::FetchedSecret secret;
    secret.value = sdk::SecretBytes("canary-" + request.name);
    secret.versionId = "v1";
    return secret;
  }
  std::string denied{};
};

core::TargetDefinition twoKeys() {
  core::TargetDefinition target;
  target.id = {.namespaceName = "payments", .name = "db"};
  target.data = {{.source = {.store = "s", .name = "a"}, .key = "a"},
                 {.source = {.store = "s", .name = "b"}, .key = "b"}};
  target.hash = "hash";
  return target;
}

core::KubeFailure conflictIn(char const* field, char const* manager) {
  core::KubeFailure failure;
  failure.kind = core::KubeFailureKind::contested;
  failure.status = 409;
  failure.conflicts = {{.manager = manager, .field = field}};
  return failure;
}

}  // namespace

TEST_GROUP(Foresight) {
  fakes::ManualClock clock;
  TwoValues backend;
  fakes::FakeKubeApi kube;
  fetch::Fetcher fetcher{{{"s", {.backend = &backend, .timeout = 7s}}}, clock};
  core::TargetDefinition definition = twoKeys();

  cycle::Foresight look() {
    cycle::Stages const stages{
        .fetcher = fetcher, .kube = kube, .clock = clock, .digest = [](auto) {
          return core::Digest{};
        }};
    auto seen = cycle::foresee(definition, stages, nullptr);
    for (auto const& call : kube.calls()) {
      CHECK_TRUE_TEXT(call.verb == "observe" || call.apply.dryRun, call.text().c_str());
    }
    return seen;
  }
  // The Secret as an apply of ours with these keys left it.
  core::Observed ours(std::vector<std::string> const& keys) const {
    core::Observed object;
    object.exists = true;
    object.uid = "u";
    object.resourceVersion = "5";
    object.type = "Opaque";
    object.dataCount = static_cast<std::uint32_t>(keys.size());
    object.labels = marks::labels(definition, "default");
    core::Rendered rendered;
    rendered.versions = {{.source = definition.data[0].source, .versionId = "v1"},
                         {.source = definition.data[1].source, .versionId = "v1"}};
    for (auto const& key : keys) rendered.keys.push_back({.key = key});
    object.annotations = marks::annotations(definition, rendered);
    core::ManagedEntry entry{.manager = marks::fieldManager("default"), .apply = true};
    entry.dataKeys = keys;
    for (auto const& [name, value] : object.labels) entry.labels.push_back(name);
    entry.annotations = marks::annotationNames(definition);
    object.managed = {entry};
    return object;
  }
  void fate(cycle::Foresight const& seen, char const* key, KeyFate wanted) {
    auto const at = seen.keys.find(key);
    CHECK_TEXT(at != seen.keys.end(), key);
    STRCMP_EQUAL(cycle::nameOf(wanted), cycle::nameOf(at->second));
  }
};

TEST(Foresight, OfAnAbsentSecretAddsEveryKeyByADryRun) {
  kube.willObserve(core::Observed{});
  kube.willApply(apply::ApplyReply{.created = true});
  auto const seen = look();
  CHECK_TRUE(seen.action == Action::create && seen.reason == PlanReason::absent);
  CHECK_TRUE(seen.writes());
  fate(seen, "a", KeyFate::added);
  fate(seen, "b", KeyFate::added);
}

TEST(Foresight, OfASecretThatIsEqualNeedsNothing) {
  kube.willObserve(ours({"a", "b"}));
  kube.willApply(apply::ApplyReply{});
  auto const seen = look();
  CHECK_TRUE(seen.action == Action::leave && seen.reason == PlanReason::in_sync);
  CHECK_FALSE(seen.writes());
  fate(seen, "a", KeyFate::kept);
  auto const asked = kube.calls().back().apply;
  STRCMP_EQUAL("kms-secretd-check", asked.fieldManager.c_str());
  STRCMP_EQUAL("u", asked.uid.c_str());
}

TEST(Foresight, NamesKeysThatDifferComeAndGo) {
  kube.willObserve(ours({"a", "gone"}));
  kube.willApply(conflictIn(".data.a", "kms-secretd/default"));
  auto const seen = look();
  CHECK_TRUE(seen.action == Action::update);
  fate(seen, "a", KeyFate::changed);
  fate(seen, "b", KeyFate::added);
  fate(seen, "gone", KeyFate::removed);
  CHECK_TRUE(seen.trouble.empty());
}

TEST(Foresight, DoesNotClaimToKnowKeysThatNobodyHolds) {
  auto object = ours({"a"});
  object.dataCount = 2;
  kube.willObserve(object);
  kube.willApply(apply::ApplyReply{});
  auto const seen = look();
  fate(seen, "a", KeyFate::kept);
  fate(seen, "b", KeyFate::rewritten);
}

TEST(Foresight, OfAForeignSecretFollowsItsAdoptPolicy) {
  core::Observed theirs;
  theirs.exists = true;
  theirs.uid = "theirs";
  theirs.type = "Opaque";
  theirs.dataCount = 1;
  theirs.managed = {{.manager = "kubectl", .dataKeys = {"a"}}};
  kube.willObserve(theirs);
  auto seen = look();
  CHECK_TRUE(seen.action == Action::refuse && seen.reason == PlanReason::foreign);
  STRCMP_CONTAINS("kubectl", seen.trouble.c_str());
  CHECK_FALSE(seen.remedy.empty());

  definition.adopt = core::AdoptPolicy::if_equal;
  kube.willObserve(theirs);
  kube.willApply(conflictIn(".data.a", "kubectl"));
  seen = look();
  CHECK_FALSE(seen.writes());
  STRCMP_CONTAINS("differs in a held by kubectl", seen.trouble.c_str());

  definition.adopt = core::AdoptPolicy::force;
  kube.willObserve(theirs);
  kube.willApply(conflictIn(".data.a", "kubectl"));
  seen = look();
  CHECK_TRUE(seen.writes() && seen.action == Action::adopt);
  fate(seen, "a", KeyFate::changed);
}

TEST(Foresight, OfARecreateComparesNothing) {
  auto object = ours({"a", "b"});
  object.type = "kubernetes.io/tls";
  definition.recreate = true;
  kube.willObserve(object);
  auto const seen = look();
  CHECK_TRUE(seen.action == Action::recreate);
  fate(seen, "a", KeyFate::rewritten);
  CHECK_EQUAL(1U, kube.calls().size());
}

TEST(Foresight, SaysWhyNothingWouldBeWrittenAndNeverAValue) {
  backend.denied = "b";
  auto seen = look();
  STRCMP_CONTAINS("s/b: not allowed", seen.trouble.c_str());
  CHECK_TRUE(kube.calls().empty());

  backend.denied.clear();
  clock.advance(1min);
  kube.willObserve(core::Observed{});
  kube.willApply(core::KubeFailure{.kind = core::KubeFailureKind::forbidden,
                                   .message = "patch is forbidden",
                                   .remedy = "grant it"});
  seen = look();
  STRCMP_EQUAL("patch is forbidden", seen.trouble.c_str());
  STRCMP_EQUAL("grant it", seen.remedy.c_str());
  CHECK_TRUE(seen.trouble.find("canary") == std::string::npos);
}

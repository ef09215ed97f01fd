// SPDX-License-Identifier: Apache-2.0
#include "cycle/round.hpp"

#include <algorithm>
#include <map>
#include <memory>
#include <string>

#include "core/marks.hpp"
#include "cycle/rendered_digest.hpp"
#include "fakes/fake_kube_api.hpp"
#include "fakes/manual_clock.hpp"

#include <CppUTest/TestHarness.h>

using namespace kms_secretd;
using namespace std::chrono_literals;
using core::OutcomeKind;
namespace marks = core::marks;

namespace {

class MapBackend final : public sdk::Backend {
 public:
  sdk::Result<sdk::FetchedSecret> fetch(sdk::FetchRequest const& request) noexcept override {
    auto const at = values.find(request.name);
    if (at == values.end()) {
      return sdk::Failure{.kind = sdk::FailureKind::permission_denied, .message = "denied"};
    }
    sdk::FetchedSecret secret;
    secret.value = sdk::SecretBytes(at->second);
    secret.versionId = "v1";
    secret.secretType = type;
    if (request.name == "a") {
      secret.nextRotation = nextRotation;
      secret.rotationState = rotationState;
    }
    return secret;
  }
  std::map<std::string, std::string> values{{"a", "1"}, {"b", "2"}};
  std::string type = "Generic";
  std::string nextRotation{};   // of "a"
  std::string rotationState{};  // of "a"
};

class Stop final : public sdk::Cancellation {
 public:
  [[nodiscard]] bool requested() const noexcept override { return true; }
  [[nodiscard]] int wakeFd() const noexcept override { return -1; }
};

// Not secret and not keyed: only equal or not counts here.
core::Digest digestOfParts(std::span<std::string_view const> parts) {
  std::uint64_t hash = 14695981039346656037U;
  auto const mix = [&hash](std::uint8_t byte) { hash = (hash ^ byte) * 1099511628211U; };
  for (auto const part : parts) {
    for (auto const c : part) mix(static_cast<std::uint8_t>(c));
    mix(0xff);
  }
  core::Digest digest{};
  for (auto& byte : digest) {
    mix(0);
    byte = static_cast<std::uint8_t>(hash >> 32U);
  }
  return digest;
}

// The Secret as our apply leaves it.
core::Observed appliedTo(core::TargetDefinition const& definition, std::string const& version) {
  core::Observed object;
  object.exists = true;
  object.uid = "u";
  object.resourceVersion = version;
  object.type = "Opaque";
  object.dataCount = 2;
  object.labels = marks::labels(definition, "default");
  object.annotations = {{marks::definitionAnnotation, definition.hash},
                        {marks::keysAnnotation, "a,b"}};
  core::ManagedEntry ours{
      .manager = marks::fieldManager("default"), .apply = true, .dataKeys = {"a", "b"}};
  for (auto const& [name, value] : object.labels) ours.labels.push_back(name);
  ours.annotations = marks::annotationNames(definition);
  object.managed = {ours};
  return object;
}
core::Observed foreign() {
  core::Observed object;
  object.exists = true;
  object.uid = "theirs";
  object.resourceVersion = "3";
  object.type = "Opaque";
  object.dataCount = 1;
  object.managed = {{.manager = "kubectl", .dataKeys = {"x"}}};
  return object;
}

}  // namespace

// The whole road with a backend in front and an API server at the end; everything between is real.
TEST_GROUP(Round) {
  fakes::ManualClock clock;
  MapBackend backend;
  fakes::FakeKubeApi kube;
  fetch::Fetcher fetcher{{{"s", {.backend = &backend, .timeout = 7s}}}, clock};
  core::TargetDefinition definition = twoKeys();
  core::AppliedRecord record{};

  static core::TargetDefinition twoKeys() {
    core::TargetDefinition target;
    target.id = {.namespaceName = "payments", .name = "db"};
    target.data = {{.source = {.store = "s", .name = "a"}, .key = "a"},
                   {.source = {.store = "s", .name = "b"}, .key = "b"}};
    target.hash = "hash";
    return target;
  }
  cycle::Stages stages() {
    return {.fetcher = fetcher, .kube = kube, .clock = clock, .digest = digestOfParts};
  }
  core::Outcome round(cycle::Stages const& with, sdk::Cancellation const* cancellation = nullptr) {
    core::Due due;
    due.definition = std::make_shared<core::TargetDefinition const>(definition);
    due.record = record;
    return cycle::runRound(due, with, cancellation);
  }
  core::Outcome round() { return round(stages()); }

  core::Observed applied(std::string const& version) const {
    return appliedTo(definition, version);
  }
  // A first round that creates the Secret; its record is remembered.
  void create() {
    kube.willObserve(core::Observed{});
    kube.willApply(apply::ApplyReply{.created = true, .object = applied("5")});
    auto outcome = round();
    CHECK(outcome.kind == OutcomeKind::created);
    record = std::move(outcome.record);
  }
  std::size_t writes() const {
    auto const calls = kube.calls();
    return static_cast<std::size_t>(
        std::ranges::count_if(calls, [](auto const& call) { return call.verb != "observe"; }));
  }
};

TEST(Round, CreatesWhatIsAbsentAndRemembersWhatItLeft) {
  create();
  CHECK_EQUAL(std::string("u"), record.uid);
  CHECK_EQUAL(std::string("5"), record.resourceVersion);
  CHECK_TRUE(record.digest.has_value());
  CHECK_EQUAL(2U, record.versions.size());
  auto const data = kube.calls().back().data;
  CHECK_TRUE((data == decltype(data){{"a", "1"}, {"b", "2"}}));
}

TEST(Round, NamesTheKeysOfANewSecret) {
  kube.willObserve(core::Observed{});
  kube.willApply(apply::ApplyReply{.created = true, .object = applied("5")});
  auto const outcome = round();
  CHECK_TRUE((outcome.keyChanges == core::KeyChanges{.added = {"a", "b"}}));
}

TEST(Round, NamesExactlyTheOneOfTwoKeysThatWasRotated) {
  create();
  backend.values["b"] = "3";
  clock.advance(1h);
  fetcher.purge();
  kube.willObserve(applied("5"));
  kube.willApply(apply::ApplyReply{.created = false, .object = applied("6")});
  auto const outcome = round();
  CHECK(outcome.kind == OutcomeKind::updated);
  CHECK_TRUE((outcome.keyChanges == core::KeyChanges{.changed = {"b"}}));
}

TEST(Round, KnowsNotWhichKeysItsFirstWriteAfterARestartChanged) {
  kube.willObserve(applied("5"));
  kube.willApply(apply::ApplyReply{.created = false, .object = applied("6")});
  auto const outcome = round();
  CHECK_TRUE((outcome.keyChanges == core::KeyChanges{.unknown = {"a", "b"}, .firstWrite = true}));
}

TEST(Round, NamesNoKeysWhereNothingWasWritten) {
  create();
  kube.willObserve(applied("5"));
  CHECK_FALSE(round().keyChanges.has_value());
  CHECK_EQUAL(2U, record.keys.size());
}

TEST(Round, KeepsAPrintOfEachKeyThatIsBoundToItsName) {
  core::Rendered rendered;
  rendered.keys.push_back({"a", sdk::SecretBytes("1")});
  rendered.keys.push_back({"b", sdk::SecretBytes("1")});
  auto const prints = cycle::printsOf(rendered, digestOfParts);
  CHECK_TRUE(prints[0].print != prints[1].print);
  rendered.keys.back().value = sdk::SecretBytes("2");
  auto const again = cycle::printsOf(rendered, digestOfParts);
  CHECK_TRUE(prints[0] == again[0]);
  CHECK_TRUE(prints[1].print != again[1].print);
  CHECK_TRUE(sizeof(core::AppliedKey) <= sizeof(std::string) + 8);
}

TEST(Round, TellsThatItHasReadBeforeItAsksTheCluster) {
  kube.willObserve(core::Observed{});
  kube.willApply(apply::ApplyReply{.created = true, .object = applied("5")});
  std::size_t told = 0;
  std::size_t asked = 99;
  core::Due due;
  due.definition = std::make_shared<core::TargetDefinition const>(definition);
  static_cast<void>(cycle::runRound(due, stages(), nullptr, [&] {
    ++told;
    asked = kube.calls().size();
  }));
  CHECK_EQUAL(1U, told);
  CHECK_EQUAL(0U, asked);
}

TEST(Round, SaysNothingOfAReadThatFailed) {
  backend.values.clear();
  bool told = false;
  core::Due due;
  due.definition = std::make_shared<core::TargetDefinition const>(definition);
  static_cast<void>(cycle::runRound(due, stages(), nullptr, [&] { told = true; }));
  CHECK_FALSE(told);
}

TEST(Round, B22_ReadsNothingThatAPolicyForbids) {
  backend.values.clear();  // a read would fail
  auto fenced = stages();
  fenced.policies = {{.stores = {.include = {"s"}}, .namespaces = {.include = {"web-*"}}}};
  auto const outcome = round(fenced);
  CHECK(outcome.kind == OutcomeKind::refused);
  CHECK(outcome.planReason == core::PlanReason::not_permitted);
  STRCMP_CONTAINS("store 's' may not feed namespace 'payments'", outcome.message.c_str());
  CHECK_EQUAL(0U, kube.calls().size());
  fenced.policies.front().namespaces.include = {"pay*"};
  CHECK(round(fenced).kind == OutcomeKind::fetch_failed);
}

TEST(Round, NamesTheSecretThatItIsAboutByItsUid) {
  create();
  auto const uid = [this](core::Observed const& seen) {
    kube.willObserve(seen);
    backend.values["a"] += "x";
    clock.advance(1h);
    return round().uid;
  };
  CHECK_EQUAL(std::string("theirs"), uid(foreign()));
  CHECK_EQUAL(std::string(), uid(core::Observed{}));  // gone, and not made anew
  backend.values.clear();
  clock.advance(1h);
  CHECK_EQUAL(std::string("u"), round().uid);  // not looked at: as it was known
}

TEST(Round, B1_OneFailedReadWritesNothingAndKeepsTheRecord) {
  create();
  auto const before = writes();
  backend.values.erase("b");
  clock.advance(1h);
  auto const outcome = round();
  CHECK(outcome.kind == OutcomeKind::fetch_failed);
  CHECK_EQUAL(std::string("b"), outcome.source->name);
  CHECK(outcome.record.digest == record.digest);
  CHECK_EQUAL(before, writes());
}

TEST(Round, RemembersWhenItsSourcesRotateAndHowFarAwayThatIs) {
  backend.nextRotation = "2026-09-21T14:35:00Z";  // five minutes from ManualClock's now
  backend.rotationState = "Enabled";
  kube.willObserve(core::Observed{});
  kube.willApply(apply::ApplyReply{.created = true, .object = applied("5")});
  auto const outcome = round();
  CHECK_EQUAL(1U, outcome.untilRotations.size());
  CHECK_TRUE(outcome.untilRotations.front() == 5min);
  CHECK_EQUAL(1U, outcome.record.rotations.size());
  CHECK_FALSE(outcome.record.rotations.front().broken);
}

TEST(Round, WaitsForNoRotationThatIsBroken) {
  backend.nextRotation = "2026-09-21T14:35:00Z";
  backend.rotationState = "Invalid";
  kube.willObserve(core::Observed{});
  kube.willApply(apply::ApplyReply{.created = true, .object = applied("5")});
  auto const outcome = round();
  CHECK_TRUE(outcome.untilRotations.empty());
  CHECK_TRUE(outcome.record.rotations.front().broken);
}

TEST(Round, AnUnchangedSecretIsNotWritten) {
  create();
  auto const before = writes();
  kube.willObserve(applied("5"));
  CHECK(round().kind == OutcomeKind::unchanged);
  CHECK_EQUAL(before, writes());
}

TEST(Round, AChangedValueIsWrittenUnderThePreconditionOfWhatWasSeen) {
  create();
  backend.values["a"] = "another";
  clock.advance(1h);
  fetcher.purge();
  kube.willObserve(applied("6"));
  kube.willApply(apply::ApplyReply{.created = false, .object = applied("7")});
  auto const outcome = round();
  CHECK(outcome.kind == OutcomeKind::updated);
  CHECK_EQUAL(std::string("7"), outcome.record.resourceVersion);
  auto const sent = kube.calls().back().apply;
  CHECK_EQUAL(std::string("u"), sent.uid);
  CHECK_EQUAL(std::string("6"), sent.resourceVersion);
  CHECK_FALSE(sent.force);
}

TEST(Round, B10_AForeignSecretIsRefusedWithTheRemedy) {
  kube.willObserve(foreign());
  auto const outcome = round();
  CHECK(outcome.kind == OutcomeKind::refused);
  CHECK(outcome.planReason == core::PlanReason::foreign);
  STRCMP_CONTAINS("adopt", outcome.remedy.c_str());
  CHECK_EQUAL(0U, writes());
}

TEST(Round, ASecretThatAppearedMeanwhileIsForeignAndLetGo) {
  kube.willObserve(core::Observed{});
  kube.willApply(apply::ApplyReply{.created = false, .object = foreign()});
  kube.willApply(apply::ApplyReply{.created = false, .object = foreign()});
  auto const outcome = round();
  CHECK(outcome.kind == OutcomeKind::refused);
  CHECK(outcome.planReason == core::PlanReason::foreign);
  CHECK_TRUE(kube.calls().back().data.empty());
}

TEST(Round, B10_ACreateWithoutAnAnswerIsRememberedUntilItIsSettled) {
  core::KubeFailure silent;
  silent.kind = core::KubeFailureKind::unavailable;
  kube.willObserve(core::Observed{});
  kube.willApply(silent);
  record = round().record;
  CHECK_TRUE(record.createUnsettled);
  auto claimed = foreign();
  claimed.uid = "theirs";
  claimed.managed.push_back({.manager = "kms-secretd/default", .apply = true, .dataKeys = {"a"}});
  kube.willObserve(claimed);
  kube.willApply(silent);
  record = round().record;
  CHECK_TRUE(record.createUnsettled);
  kube.willObserve(claimed);
  kube.willApply(apply::ApplyReply{.created = false, .object = foreign()});
  auto const outcome = round();
  CHECK(outcome.kind == OutcomeKind::refused);
  CHECK_FALSE(outcome.record.createUnsettled);
  CHECK_EQUAL(std::string("apply uid=theirs"), kube.calls().back().text());
}

TEST(Round, ARefusalOfTheApiServerIsKeptWithItsCause) {
  kube.willObserve(core::Observed{});
  core::KubeFailure failure;
  failure.kind = core::KubeFailureKind::forbidden;
  kube.willApply(failure);
  auto const outcome = round();
  CHECK(outcome.kind == OutcomeKind::apply_failed);
  CHECK(outcome.kubeFailure->kind == core::KubeFailureKind::forbidden);
}

TEST(Round, WhatCannotBecomeASecretIsNotEvenLookedFor) {
  backend.values["a"] = std::string(2U << 20U, 'x');
  auto const outcome = round();
  CHECK(outcome.kind == OutcomeKind::render_failed);
  CHECK_EQUAL(std::string(""), kube.log());
}

TEST(Round, AStopDuringAReadIsNoFailure) {
  backend.values.clear();
  Stop const stop;
  CHECK(round(stages(), &stop).kind == OutcomeKind::cancelled);
}

TEST(Round, OnlyPinnedVersionsOfGenericSecretsAreFixedForEver) {
  for (auto& entry : definition.data) entry.source.versionId = "v1";
  kube.willObserve(applied("5"));
  kube.willApply(apply::ApplyReply{.created = false, .object = applied("5")});
  CHECK_TRUE(round().fixedForever);
  backend.type = "Rds";
  clock.advance(1h);
  fetcher.purge();
  kube.willObserve(applied("5"));
  kube.willApply(apply::ApplyReply{.created = false, .object = applied("5")});
  CHECK_FALSE(round().fixedForever);
}

TEST(Round, WhatTheWatchKnowsIsNotAskedFor) {
  create();
  auto const before = kube.calls().size();
  auto with = stages();
  with.watched = [this](auto const&, core::AppliedRecord const& left) {
    CHECK_EQUAL(std::string("5"), left.resourceVersion);
    return std::optional(applied("5"));
  };
  CHECK(round(with).kind == OutcomeKind::unchanged);
  CHECK_EQUAL(before, kube.calls().size());
}

TEST(Round, WhatHadToBeAskedForIsTold) {
  std::string told;
  auto with = stages();
  with.watched = [](auto const&, auto const&) { return std::optional<core::Observed>(); };
  with.asked = [&](core::TargetId const& target, core::Observed const& object) {
    told = target.text() + " " + object.uid;
  };
  kube.willObserve(foreign());
  static_cast<void>(round(with));
  CHECK_EQUAL(std::string("payments/db theirs"), told);
}

TEST(Round, TheDigestHangsOnEverythingThatAnApplyWrites) {
  auto const digest = [](core::TargetDefinition const& target, std::string const& key,
                         std::string const& value) {
    core::Rendered rendered;
    rendered.keys.push_back({key, sdk::SecretBytes(value)});
    return cycle::digestOf(target, rendered, digestOfParts);
  };
  auto const plain = digest(definition, "a", "1");
  CHECK(plain == digest(definition, "a", "1"));
  CHECK(plain != digest(definition, "a", "2"));
  CHECK(plain != digest(definition, "c", "1"));
  auto typed = definition;
  typed.type = "example.org/t";
  CHECK(plain != digest(typed, "a", "1"));
  auto labelled = definition;
  labelled.labels.kept()["team"] = "x";
  CHECK(plain != digest(labelled, "a", "1"));
  auto noted = definition;
  noted.annotations.kept()["note"] = "x";
  CHECK(plain != digest(noted, "a", "1"));
}

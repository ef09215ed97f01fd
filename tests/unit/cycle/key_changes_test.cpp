// SPDX-License-Identifier: Apache-2.0
#include "cycle/key_changes.hpp"

#include <string>
#include <utility>
#include <vector>

#include "core/marks.hpp"

#include <CppUTest/TestHarness.h>

using namespace kms_secretd;
using core::Action;
using core::OutcomeKind;
namespace marks = core::marks;

namespace {

using Names = std::vector<std::string>;

std::string text(Names const& names) {
  std::string all;
  for (auto const& name : names) all += (all.empty() ? "" : " ") + name;
  return all;
}

// "+added ~changed -removed ^put back ?unknown", without what is empty.
std::string text(std::optional<core::KeyChanges> const& changes) {
  if (!changes) return "nothing";
  std::string all;
  std::pair<char, Names const&> const lists[] = {{'+', changes->added},
                                                 {'~', changes->changed},
                                                 {'-', changes->removed},
                                                 {'^', changes->restored},
                                                 {'?', changes->unknown}};
  for (auto const& [sign, names] : lists) {
    if (!names.empty()) all += (all.empty() ? "" : " ") + (sign + text(names));
  }
  return all + (changes->firstWrite ? " (first write)" : "");
}

core::AppliedKey key(std::string name, std::uint8_t value) {
  return {.name = std::move(name), .print = {value}};
}

}  // namespace

// A Secret of ours with user = 1 and password = 2, as this process applied it.
TEST_GROUP(KeyChanges) {
  core::TargetDefinition definition;
  core::Rendered rendered;
  core::Plan plan{.action = Action::update, .reason = core::PlanReason::value_changed};
  core::Observed observed = objectWith({"password", "user"});
  core::AppliedRecord record{
      .digest = core::Digest{}, .uid = "u", .keys = {key("password", 2), key("user", 1)}};
  apply::Applied done{.kind = OutcomeKind::updated};

  void setup() override { rendered.applied = record.keys; }
  static core::Observed objectWith(Names ours) {
    core::Observed object;
    object.exists = true;
    object.uid = "u";
    object.annotations = {{marks::keysAnnotation, marks::joinKeys(ours)}};
    object.managed = {
        {.manager = marks::fieldManager("default"), .apply = true, .dataKeys = std::move(ours)}};
    return object;
  }
  // Others hold `keys` of the Secret; so far ours too, if they were.
  void othersHold(Names keys) {
    observed.managed.push_back({.manager = "kubectl-edit", .dataKeys = std::move(keys)});
  }
  // An edit without force takes a key away from us.
  void othersTook(std::string const& key) {
    std::erase(observed.managed.front().dataKeys, key);
    othersHold({key});
  }
  std::string changes() {
    Names names;
    for (auto const& each : rendered.applied) names.push_back(each.name);
    if (done.object.managed.empty()) done.object = objectWith(names);
    return text(cycle::keyChangesOf({.definition = definition,
                                     .rendered = rendered,
                                     .plan = plan,
                                     .observed = observed,
                                     .record = record,
                                     .done = done}));
  }
  void restarted() { record = {}; }
};

TEST(KeyChanges, NameExactlyTheKeyWhoseValueChanged) {
  rendered.applied = {key("password", 3), key("user", 1)};
  STRCMP_EQUAL("~password", changes().c_str());
}

TEST(KeyChanges, NameNoneWhereOnlyLabelsChanged) { STRCMP_EQUAL("", changes().c_str()); }

TEST(KeyChanges, NameWhatCameAndWhatWent) {
  rendered.applied = {key("token", 9), key("user", 1)};
  plan.droppedKeys = {"password"};
  STRCMP_EQUAL("+token -password", changes().c_str());
}

TEST(KeyChanges, NameAllKeysOfANewSecretAsAdded) {
  restarted();
  observed = {};
  plan.action = Action::create;
  done.kind = OutcomeKind::created;
  STRCMP_EQUAL("+password user", changes().c_str());
}

TEST(KeyChanges, NameAllKeysAsAddedWhereOursWasDeleted) {
  observed = {};
  plan.action = Action::create;
  done.kind = OutcomeKind::created;
  STRCMP_EQUAL("+password user", changes().c_str());
}

TEST(KeyChanges, KnowNothingOfASecretThatACreateOfOursMet) {
  observed = {};
  plan.action = Action::create;
  STRCMP_EQUAL("?password user", changes().c_str());
}

TEST(KeyChanges, SayAfterARestartThatTheValuesBeforeAreNotKnown) {
  restarted();
  plan.reason = core::PlanReason::not_seen_applied;
  STRCMP_EQUAL("?password user (first write)", changes().c_str());
}

TEST(KeyChanges, KnowAfterARestartByNameWhatCameAndWhatWent) {
  restarted();
  rendered.applied = {key("token", 9), key("user", 1)};
  plan.droppedKeys = {"password"};
  STRCMP_EQUAL("+token -password ?user (first write)", changes().c_str());
}

TEST(KeyChanges, CallAHealedKeyPutBackThoughItsOwnValueIsTheSame) {
  othersTook("password");
  plan.action = Action::heal;
  done.kind = OutcomeKind::healed;
  STRCMP_EQUAL("^password", changes().c_str());
}

TEST(KeyChanges, CallAKeyChangedWhoseValueIsNewInAHeal) {
  rendered.applied = {key("password", 3), key("user", 1)};
  othersTook("password");
  othersTook("user");
  plan.action = Action::heal;
  done.kind = OutcomeKind::healed;
  STRCMP_EQUAL("~password ^user", changes().c_str());
}

TEST(KeyChanges, CallAKeyPutBackThatSomebodyRemoved) {
  std::erase(observed.managed.front().dataKeys, "user");
  plan.action = Action::heal;
  done.kind = OutcomeKind::healed;
  STRCMP_EQUAL("^user", changes().c_str());
}

TEST(KeyChanges, KnowOfAHealAfterARestartWhatWasTakenFromUs) {
  restarted();
  othersTook("password");
  plan.action = Action::heal;
  done.kind = OutcomeKind::healed;
  STRCMP_EQUAL("^password ?user (first write)", changes().c_str());
}

TEST(KeyChanges, DoNotCompareWithARecordOfAnotherObject) {
  observed = objectWith({});
  observed.uid = "reborn";
  observed.annotations.clear();
  othersHold({"password"});
  plan.action = Action::heal;
  done.kind = OutcomeKind::healed;
  STRCMP_EQUAL("+user ?password", changes().c_str());
}

TEST(KeyChanges, KnowNothingOfTheValuesThatAForcedAdoptionOverwrites) {
  restarted();
  definition.adopt = core::AdoptPolicy::force;
  observed = objectWith({});
  observed.annotations.clear();
  observed.dataCount = 1;
  othersHold({"password"});
  plan.action = Action::adopt;
  done.kind = OutcomeKind::adopted;
  STRCMP_EQUAL("+user ?password", changes().c_str());
}

TEST(KeyChanges, CallNothingChangedThatWasAdoptedBecauseItWasEqual) {
  restarted();
  definition.adopt = core::AdoptPolicy::if_equal;
  observed = objectWith({});
  observed.annotations.clear();
  observed.dataCount = 2;
  othersHold({"password", "user"});
  plan.action = Action::adopt;
  done.kind = OutcomeKind::adopted;
  STRCMP_EQUAL("", changes().c_str());
}

TEST(KeyChanges, CallNothingAddedOfWhatNobodyHoldsButIsThere) {
  restarted();
  definition.adopt = core::AdoptPolicy::force;
  observed.managed.clear();
  observed.annotations.clear();
  observed.dataCount = 1;
  plan.action = Action::adopt;
  done.kind = OutcomeKind::adopted;
  STRCMP_EQUAL("?password user", changes().c_str());
}

TEST(KeyChanges, CallAKeyOfOthersUnchangedThatTheServerLetUsShare) {
  rendered.applied.insert(rendered.applied.begin(), key("ca.crt", 7));
  othersHold({"ca.crt"});
  STRCMP_EQUAL("", changes().c_str());
}

TEST(KeyChanges, DoNotCallADroppedKeyRemovedThatOthersStillHold) {
  rendered.applied = {key("user", 1)};
  plan.droppedKeys = {"password"};
  othersHold({"password"});
  done.object = observed;
  STRCMP_EQUAL("", changes().c_str());
}

TEST(KeyChanges, CallAKeyRemovedThatOthersHeldAndHoldNoMore) {
  rendered.applied = {key("user", 1)};
  plan.droppedKeys = {"password"};
  othersHold({"password"});
  STRCMP_EQUAL("-password", changes().c_str());
}

TEST(KeyChanges, NameThePrunedKeysOfOthersAsRemoved) {
  plan.action = Action::prune;
  plan.foreignKeys = {"debug"};
  othersHold({"debug"});
  done.kind = OutcomeKind::healed;
  STRCMP_EQUAL("-debug", changes().c_str());
}

TEST(KeyChanges, NameWhatWentWithTheOldObjectOfARecreate) {
  plan.action = Action::recreate;
  othersHold({"debug"});
  rendered.applied = {key("password", 3), key("user", 1)};
  done.kind = OutcomeKind::recreated;
  STRCMP_EQUAL("~password -debug", changes().c_str());
}

TEST(KeyChanges, KnowNothingOfTheValuesOfARecreateAfterARestart) {
  restarted();
  plan.action = Action::recreate;
  done.kind = OutcomeKind::recreated;
  STRCMP_EQUAL("?password user (first write)", changes().c_str());
}

TEST(KeyChanges, NameAfterALostAnswerWhatTheEarlierWriteHadChanged) {
  rendered.applied = {key("password", 3), key("token", 9), key("user", 1)};
  done.kind = OutcomeKind::unchanged;
  STRCMP_EQUAL("+token ~password", changes().c_str());
}

TEST(KeyChanges, SayNothingWhereTheServerHadItAllAndTheRecordToo) {
  done.kind = OutcomeKind::unchanged;
  STRCMP_EQUAL("nothing", changes().c_str());
  restarted();
  STRCMP_EQUAL("nothing", changes().c_str());
}

TEST(KeyChanges, DoNotRepeatWhatSomebodyWroteIntoTheAnnotationAsAName) {
  restarted();
  plan.droppedKeys = {"\x1b[2J\nERROR forged", std::string(300, 'x')};
  observed.managed.clear();
  STRCMP_EQUAL("^password user", changes().c_str());
}

// SPDX-License-Identifier: Apache-2.0
// Drift and contest (rules 3) over an hour of passed-in time: the schedule, the plan and the
// requests as they are, against the server of this run.
#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "core/config.hpp"
#include "schedule/schedule.hpp"
#include "target.hpp"

#include <CppUTest/TestHarness.h>

using namespace kms_secretd;
using namespace std::chrono_literals;
using contract::cluster;
using contract::setData;
using contract::Target;
namespace json = boost::json;

namespace {

std::size_t mostInTenMinutes(std::vector<sdk::BootTime> const& moments) {
  std::size_t most = 0;
  for (auto const from : moments) {
    auto const within =
        std::ranges::count_if(moments, [from](auto at) { return at >= from && at < from + 10min; });
    most = std::max(most, static_cast<std::size_t>(within));
  }
  return most;
}

}  // namespace

// A script edits the Secret as soon as it was healed, as long as the test lets it.
TEST_GROUP(ContractContest) {
  Target target{};
  schedule::Schedule schedule{};
  sdk::BootTime now{1'000'000'000ms};
  std::vector<sdk::BootTime> heals{};
  int reads = 0;
  std::string lastDetail{};
  bool contestedBeforeTheThird = false;

  void setup() override {
    core::Config config;
    config.clusters["default"];
    config.stores["shared"].name = "shared";
    config.targets.push_back(std::make_shared<core::TargetDefinition const>(target.definition));
    schedule.load({.config = config, .maxParallel = {}, .seen = {}}, now);
  }
  void edit() const {
    cluster().admin().edit(target.place(), "script",
                           [](json::object& secret) { setData(secret, "password", "hacked"); });
  }
  core::Outcome round(core::Due const& due) {
    ++reads;
    target.mayForce = due.mayForce;
    auto const end = target.round();
    core::Outcome outcome{.target = target.definition.id, .kind = core::OutcomeKind::refused};
    outcome.planReason = end.plan.reason;
    outcome.record = target.record;
    if (end.plan.action == core::Action::refuse) return outcome;
    lastDetail = end.plan.detail;
    outcome.kind = std::get<apply::Applied>(end.result).kind;
    return outcome;
  }
  // Everything that happens until `span` is over.
  void live(sdk::Milliseconds span, bool script) {
    for (auto const end = now + span; now < end;) {
      for (auto const& due : schedule.take(1, now)) {
        auto const outcome = round(due);
        schedule.finish(outcome, now);
        if (outcome.kind != core::OutcomeKind::healed && outcome.kind != core::OutcomeKind::created)
          continue;
        if (outcome.kind == core::OutcomeKind::healed) healed();
        if (!script) continue;
        edit();
        schedule.drifted(target.definition.id, now);
      }
      now = std::max(now + 1ms, std::min(end, schedule.nextWake(now).value_or(end)));
    }
  }
  void healed() {
    heals.push_back(now);
    auto const contested = schedule.contested(target.definition.id, now);
    if (heals.size() < 3) contestedBeforeTheThird |= contested;
  }
};

TEST(ContractContest, B12_AScriptThatEditsAfterEveryHealCausesAtMostFiveWritesInTenMinutes) {
  live(1h, true);
  CHECK_TRUE(heals.size() >= 10);
  CHECK_TRUE(mostInTenMinutes(heals) <= 5);
  CHECK_TRUE(heals[0] - sdk::BootTime{1'000'000'000ms} < 1s);
}

TEST(ContractContest, IsSaidFromTheThirdHealOnAndNamesManagerAndKeys) {
  live(1h, true);
  CHECK_FALSE(contestedBeforeTheThird);
  CHECK_TRUE(schedule.contested(target.definition.id, now));
  STRCMP_EQUAL("held: password by script", lastDetail.c_str());
}

TEST(ContractContest, EndsTenMinutesAfterTheLastEdit) {
  live(1h, true);
  live(20min, false);
  CHECK_FALSE(schedule.contested(target.definition.id, now));
  STRCMP_EQUAL("password=s3cret user=root", target.data().c_str());
  auto const before = heals.size();
  edit();
  schedule.drifted(target.definition.id, now);
  live(1s, false);
  CHECK_EQUAL(before + 1, heals.size());
}

TEST(ContractContest, ReadsKmsNoMoreOftenThanItPollsAndHeals) {
  live(1h, true);
  // 30 polls an hour at an interval of two minutes, and one read for each heal.
  CHECK_TRUE(static_cast<std::size_t>(reads) <= 1 + 31 + heals.size());
}

// SPDX-License-Identifier: Apache-2.0
#include "app/plan_command.hpp"

#include <string>

#include "app/dry_run_api.hpp"
#include "fakes/fake_kube_api.hpp"

#include <CppUTest/TestHarness.h>

using namespace kms_secretd;

TEST_GROUP(PlanCommand) {
  core::Config config;

  void setup() override {
    for (auto const* name : {"db", "api"}) {
      auto target = std::make_shared<core::TargetDefinition>();
      target->id = {.namespaceName = "payments", .name = name};
      config.targets.push_back(target);
    }
  }
  std::string found(std::vector<std::string> const& names) {
    auto const result = app::definitionsFor(config, names);
    if (auto const* why = std::get_if<std::string>(&result)) return *why;
    std::string text;
    for (auto const* each : std::get<0>(result)) text += each->id.text() + " ";
    return text;
  }
};

TEST(PlanCommand, MeansAllWhereNothingIsNamed) {
  STRCMP_EQUAL("payments/api payments/db ", found({}).c_str());
  STRCMP_EQUAL("payments/db ", found({"payments/db"}).c_str());
  STRCMP_EQUAL("no [[secret]] defines payments/dbb; did you mean payments/db?",
               found({"payments/dbb"}).c_str());
}

TEST(PlanCommand, IsPrintedByNamesOnly) {
  cycle::Foresight seen{.target = {.namespaceName = "payments", .name = "db"},
                        .action = core::Action::update,
                        .reason = core::PlanReason::value_changed,
                        .keys = {{"password", cycle::KeyFate::changed}}};
  STRCMP_EQUAL(
      R"({"configuration":"on disk","complete":false,"wanted":2,"targets":[{"cluster":"default","namespace":"payments","name":"db","action":"update",)"
      R"("reason":"value_changed","detail":"","writes":true,"keys":{"password":"changed"},)"
      R"("labels_or_annotations_change":false,"trouble":"","do":""}],)"
      R"("no_longer_defined":[{"cluster":"default","namespace":"payments","name":"old"}]})"
      "\n",
      app::jsonText({seen}, {.configuration = "on disk",
                             .wanted = 2,
                             .gone = {{.namespaceName = "payments", .name = "old"}}})
          .c_str());
}

TEST(PlanCommand, CannotWrite) {
  fakes::FakeKubeApi kube;
  app::DryRunApi api(kube);
  apply::KubeCall const call{};
  CHECK_TRUE(std::holds_alternative<core::KubeFailure>(api.apply({}, call)));
  CHECK_TRUE(std::holds_alternative<core::KubeFailure>(api.remove({}, call)));
  CHECK_TRUE(std::holds_alternative<core::KubeFailure>(api.removeKeys({}, call)));
  CHECK_TRUE(std::holds_alternative<core::KubeFailure>(api.releaseKeys({}, call)));
  CHECK_TRUE(kube.calls().empty());
  kube.willApply(apply::ApplyReply{});
  CHECK_TRUE(std::holds_alternative<apply::ApplyReply>(api.apply({.dryRun = true}, call)));
}

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "app/plan_maker.hpp"
#include "app/world.hpp"
#include "control/desk.hpp"
#include "report/reporter.hpp"
#include "schedule/schedule.hpp"

namespace kms_secretd::app {

/// What the engine lets be seen; all of it outlives the answers.
struct EngineState {
  sdk::Clock const& clock;
  report::Reporter& reporter;
  schedule::Schedule& schedule;
  std::shared_ptr<World> const& world;  ///< the engine's own: another one after a reload
  PlanMaker& plans;
};

/// What changes from question to question.
struct EngineMood {
  bool loaded = false;
  std::string trouble{};
  std::size_t idleWorkers = 0;
};

/// Answers what the control server asks, from the engine's state. Main thread; waits for nothing
/// but, for a plan, the files of the configuration.
class EngineAnswers final : public control::Answerer {
 public:
  explicit EngineAnswers(EngineState state) : state_(state), started_(state.clock.wall()) {}

  /// To be called before serving.
  void mood(EngineMood mood) { mood_ = std::move(mood); }
  [[nodiscard]] control::Snapshot snapshot() override;
  [[nodiscard]] control::SyncReply sync(control::SyncRequest const& request) override;
  [[nodiscard]] control::ApproveReply approve(control::ApproveRequest const& request) override;
  [[nodiscard]] control::PlanReply plan(control::PlanRequest const& request) override;

 private:
  [[nodiscard]] control::ApproveReply approveDeletion(std::string const& change);
  [[nodiscard]] control::TargetView targetView(core::TargetDefinition const& definition) const;
  [[nodiscard]] std::vector<control::StoreView> storeViews() const;
  [[nodiscard]] std::vector<control::ClusterView> clusterViews() const;
  void promise(core::TargetDefinition const& definition, control::SyncReply& reply);
  [[nodiscard]] bool wanted(core::TargetDefinition const& definition,
                            control::SyncRequest const& request) const;

  EngineState state_;
  EngineMood mood_{};
  sdk::WallTime started_;
};

}  // namespace kms_secretd::app

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>

#include "app/plan_thread.hpp"
#include "app/world.hpp"
#include "control/plan_under_way.hpp"
#include "core/config.hpp"

namespace kms_secretd::app {

/// Begins the plans that are asked for over the control socket. Each gets a world of its own, even
/// by the configuration in force: what it reads, and what ends it, touches no round. Main thread.
class PlanMaker {
 public:
  /// A world by `inForce`, or by the files on disk where that is null, of which nothing was
  /// started; throws WorldError.
  using Build = std::function<std::shared_ptr<World>(core::Config const* inForce)>;

  /// `clock` outlives it.
  PlanMaker(sdk::Clock const& clock, Build build) : clock_(clock), build_(std::move(build)) {}

  /// Begins, which takes as long as the first half of a reload; or says why not.
  [[nodiscard]] control::PlanReply begin(control::PlanRequest const& request,
                                         core::Config const& inForce);
  /// The plan under way, if any.
  [[nodiscard]] PlanThread& thread() noexcept { return thread_; }

 private:
  [[nodiscard]] control::PlanReply beginIn(std::shared_ptr<World> world,
                                           control::PlanRequest const& request,
                                           core::Config const& inForce);

  sdk::Clock const& clock_;
  Build build_;
  PlanThread thread_{};
};

}  // namespace kms_secretd::app

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <variant>
#include <vector>

#include "app/world.hpp"
#include "core/config.hpp"
#include "cycle/foresight.hpp"
#include "platform/stop.hpp"

namespace kms_secretd::app {

/// The definitions that `names` ("namespace/name") mean, all where there are none; or why not.
/// Pure.
[[nodiscard]] std::variant<std::vector<core::TargetDefinition const*>, std::string> definitionsFor(
    core::Config const& config, std::vector<std::string> const& names);

/// How a plan is made; the references outlive that.
struct PlanWay {
  sdk::Clock const& clock;
  platform::StopSignal const& stop;
  double shareOfRate = 1;                              ///< of what each store allows a second
  std::function<void(std::string const&)> spend = {};  ///< told each read's store; may be empty
};

/// Foresees the next round of each definition, at most as fast as the stores allow. Writes nothing;
/// ends early, with what is known, when `way.stop` is requested. Any thread, one at a time for each
/// world.
[[nodiscard]] std::vector<cycle::Foresight> foreseeAll(
    World& world, std::vector<core::TargetDefinition const*> const& definitions,
    PlanWay const& way);

/// What a plan is about.
struct PlanFacts {
  std::string configuration{};         ///< "on disk", "in force", or "offline"
  std::size_t wanted = 0;              ///< how many were to be looked at
  std::vector<core::TargetId> gone{};  ///< in force, but no longer defined on disk
};

/// {"configuration","complete","wanted","targets":[{"cluster","namespace","name","action","reason",
/// "detail","writes","keys":{name: fate},"labels_or_annotations_change","trouble","do"}],
/// "no_longer_defined":[{"cluster","namespace","name"}]}, and a newline. Pure.
[[nodiscard]] std::string jsonText(std::vector<cycle::Foresight> const& foresights,
                                   PlanFacts const& facts);

}  // namespace kms_secretd::app

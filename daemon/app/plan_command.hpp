// SPDX-License-Identifier: Apache-2.0
#pragma once

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

/// Foresees the next round of each definition, at most as fast as the stores allow. Writes nothing;
/// ends early, with what is known, when `stop` is requested.
[[nodiscard]] std::vector<cycle::Foresight> foreseeAll(
    World& world, std::vector<core::TargetDefinition const*> const& definitions,
    sdk::Clock const& clock, platform::StopSignal const& stop);

/// {"targets":[{"cluster","namespace","name","action","reason","detail","keys":{name: fate},
/// "labels_or_annotations_change","trouble","do"}]}, and a newline. Pure.
[[nodiscard]] std::string jsonText(std::vector<cycle::Foresight> const& foresights);

}  // namespace kms_secretd::app

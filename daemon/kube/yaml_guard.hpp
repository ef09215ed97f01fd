// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include <yaml-cpp/yaml.h>

namespace kms_secretd::kube {

/// Reads one YAML document from strangers: refuses with KubeconfigError (file:line:column) what is
/// not YAML, is nested deeper than 32, names a key of a map twice, or has more than 100,000 nodes
/// once its aliases are followed. Messages never show content but key names. Any thread.
[[nodiscard]] YAML::Node loadGuardedYaml(std::string_view text, std::string const& file);

/// "file:line:column" of a node.
[[nodiscard]] std::string placeOf(std::string const& file, YAML::Node const& node);

}  // namespace kms_secretd::kube

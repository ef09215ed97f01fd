// SPDX-License-Identifier: Apache-2.0
#include "cycle/rendered_digest.hpp"

#include <string>
#include <vector>

namespace kms_secretd::cycle {

core::Digest digestOf(
    core::TargetDefinition const& definition, core::Rendered const& rendered,
    std::function<core::Digest(std::span<std::string_view const>)> const& digest) {
  // Each list is preceded by its length, so that a label can never pass for a key.
  auto const labels = std::to_string(definition.labels->size());
  auto const annotations = std::to_string(definition.annotations->size());
  std::vector<std::string_view> parts{definition.type, labels};
  auto const add = [&parts](auto const& map) {
    for (auto const& [name, value] : map) {
      parts.emplace_back(name);
      parts.emplace_back(value);
    }
  };
  add(*definition.labels);
  parts.emplace_back(annotations);
  add(*definition.annotations);
  parts.emplace_back(definition.immutable ? "immutable" : "");
  for (auto const& each : rendered.keys) {
    parts.emplace_back(each.key);
    parts.emplace_back(each.value.reveal());
  }
  return digest(parts);
}

}  // namespace kms_secretd::cycle

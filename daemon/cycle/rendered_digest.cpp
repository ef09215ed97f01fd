// SPDX-License-Identifier: Apache-2.0
#include "cycle/rendered_digest.hpp"

#include <algorithm>
#include <array>
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

std::vector<core::AppliedKey> printsOf(
    core::Rendered const& rendered,
    std::function<core::Digest(std::span<std::string_view const>)> const& digest) {
  std::vector<core::AppliedKey> keys;
  keys.reserve(rendered.keys.size());
  for (auto const& each : rendered.keys) {
    // Three parts with a name of their own: no digest of a whole Secret, which has four or more,
    // is ever made of the same bytes.
    std::array<std::string_view, 3> const parts{"kms-secretd key print", each.key,
                                                each.value.reveal()};
    auto const whole = digest(parts);
    auto& key = keys.emplace_back(core::AppliedKey{.name = each.key});
    std::copy_n(whole.begin(), key.print.size(), key.print.begin());
  }
  return keys;
}

}  // namespace kms_secretd::cycle

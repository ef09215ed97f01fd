// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

#include <kms-secretd/host.hpp>

namespace kms_secretd::alicloud {

/// What the sources are at, without reading those whose host can tell so; 0 for a null one. Nothing
/// where one of them fails. Any thread.
template <std::size_t N>
[[nodiscard]] std::optional<std::array<std::uint64_t, N>> generationsOf(
    std::array<sdk::SecretSource*, N> const& sources) {
  std::array<std::uint64_t, N> generations{};
  for (std::size_t i = 0; i < N; ++i) {
    if (sources[i] == nullptr) continue;
    auto const generation = sources[i]->generation();
    if (!generation) return std::nullopt;
    generations[i] = generation.value();
  }
  return generations;
}

}  // namespace kms_secretd::alicloud

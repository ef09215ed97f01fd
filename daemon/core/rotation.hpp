// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <kms-secretd/clock.hpp>

#include "core/names.hpp"

namespace kms_secretd::core {

/// What a read told of the rotation of a managed secret.
struct SourceRotation {
  SourceRef source{};
  std::optional<sdk::WallTime> next{};  ///< when the service means to rotate
  bool broken = false;                  ///< the service cannot rotate it ("Invalid")
  friend bool operator==(SourceRotation const&, SourceRotation const&) = default;
};

/// Reads the one form of time that KMS writes, `2026-09-01T08:00:00Z`; nothing for any other text.
[[nodiscard]] std::optional<sdk::WallTime> parseRotationDate(std::string_view text) noexcept;

}  // namespace kms_secretd::core

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "backends/plugin_error.hpp"

namespace kms_secretd::backends {

/// Why a file is not loaded. Both halves are phrases; the sentence is made where the file is known.
struct Refusal {
  std::string found{};
  std::string expected{};
};

/// What a check says: nothing = passed.
using Check = std::optional<Refusal>;

/// The refusal as the exception of this room: "plugin FILE is refused: found F, expected E".
[[nodiscard]] inline PluginError refused(std::string const& file, Refusal const& refusal) {
  return PluginError("plugin " + file + " is refused: found " + refusal.found + ", expected " +
                     refusal.expected);
}

/// Throws the refusal, if there is one.
inline void require(std::string const& file, Check const& check) {
  if (check) throw refused(file, *check);
}

}  // namespace kms_secretd::backends

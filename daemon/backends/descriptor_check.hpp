// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include <kms-secretd/plugin.hpp>

#include "backends/refusal.hpp"

namespace kms_secretd::backends {

inline constexpr std::uint32_t maxParallelCap = 1024;

/// The exported symbol as it lies in memory; nothing behind `descriptor` is trusted yet.
struct ExportedSymbol {
  void const* address = nullptr;
  std::size_t size = 0;  ///< as the symbol table says; 0 = it does not say
};

/// The handshake: compares the descriptor field by field with what this daemon is, in plain data
/// only. Magic and SDK version come before the size, since they explain a different size; those
/// three stand in the same place in every SDK. `name` is the file's name without ".so".
[[nodiscard]] Check checkDescriptor(ExportedSymbol const& symbol, std::string const& name);

}  // namespace kms_secretd::backends

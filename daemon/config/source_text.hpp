// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "config/problem.hpp"

namespace kms_secretd::config {

inline constexpr std::size_t maxFileBytes = std::size_t{4} << 20;
inline constexpr std::size_t maxFiles = 1'024;  ///< in conf.d

/// One configuration file as read.
struct SourceText {
  core::SharedText name{};      ///< as shown in messages
  std::string text{};           ///< its bytes
  std::string inlineRefusal{};  ///< why `{ inline = }` is not accepted in it; empty = accepted
};

/// True if the file belongs to root or to the daemon's user (rules 9). std::filesystem cannot tell.
using OwnerTrusted = std::function<bool(std::filesystem::path const&)>;

/// Reads `mainFile` and the *.toml of conf.d beside it, sorted by name. What cannot be read becomes
/// an error; the others are returned all the same.
[[nodiscard]] std::vector<SourceText> readSources(std::filesystem::path const& mainFile,
                                                  OwnerTrusted const& ownerTrusted,
                                                  Findings& findings);

}  // namespace kms_secretd::config

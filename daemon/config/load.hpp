// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/catalog.hpp"
#include "config/expressions.hpp"
#include "config/problem.hpp"
#include "config/source_text.hpp"
#include "core/config.hpp"

namespace kms_secretd::config {

/// SHA-256 in lower-case hex; this room knows no cryptography.
using HashFunction = std::function<std::string(std::string_view)>;

/// What load() needs of the world. Every function is called on the thread of load().
struct LoadRequest {
  std::filesystem::path mainFile{};  ///< conf.d/*.toml beside it belongs to it
  BackendCatalog& catalog;
  HashFunction hash{};
  OwnerTrusted ownerTrusted{};    ///< owned by root or by the daemon's user
  ExpressionCheck expressions{};  ///< empty = expressions are taken as they are
};

/// A configuration, or everything that is wrong with it.
struct LoadResult {
  std::optional<core::Config> config{};  ///< only if there are no problems
  std::vector<Problem> problems{};       ///< of all files, in their order
  std::vector<Problem> warnings{};       ///< also in Config::warnings, as text
};

/// Reads and checks the whole configuration, offline: no network, no secret source is opened.
/// Nothing is kept between calls, so a reload is a second call. Throws only std::bad_alloc.
[[nodiscard]] LoadResult load(LoadRequest const& request);

/// The same for texts in hand, the main file first.
[[nodiscard]] LoadResult loadTexts(std::vector<SourceText> const& sources, BackendCatalog& catalog,
                                   HashFunction const& hash,
                                   ExpressionCheck const& expressions = {});

}  // namespace kms_secretd::config

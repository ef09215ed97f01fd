// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <variant>
#include <vector>

#include <kms-secretd/backend.hpp>
#include <kms-secretd/failure.hpp>

#include "core/names.hpp"

namespace kms_secretd::core {

/// One read that succeeded.
struct FetchedSource {
  SourceRef source{};
  std::shared_ptr<sdk::FetchedSecret const> secret{};  ///< shared: one read serves many targets
};

/// A read whose store says that there is no such secret.
struct MissingSource {
  SourceRef source{};
  sdk::Failure failure{};  ///< of kind not_found
};

/// All reads of one round: only complete, but for sources that do not exist where the definition
/// removes their keys.
struct Fetched {
  std::vector<FetchedSource> sources{};  ///< in the order of TargetDefinition::reads()
  std::vector<MissingSource> missing{};  ///< in the same order

  /// True if the store of `source` says that there is no such secret.
  [[nodiscard]] bool isMissing(SourceRef const& source) const noexcept;
  /// The secret of `source`, or null if it was not read.
  [[nodiscard]] sdk::FetchedSecret const* find(SourceRef const& source) const noexcept;
};

/// The read that made the round fail.
struct FetchFailure {
  SourceRef source{};
  sdk::Failure failure{};
};

using FetchResult = std::variant<Fetched, FetchFailure>;

}  // namespace kms_secretd::core

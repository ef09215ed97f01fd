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

/// All reads of one round: only complete.
struct Fetched {
  std::vector<FetchedSource> sources{};  ///< in the order of TargetDefinition::reads()

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

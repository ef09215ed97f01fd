// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "core/names.hpp"
#include "core/observed.hpp"
#include "core/outcome.hpp"

namespace kms_secretd::plan {

/// A Secret in the cluster.
struct FoundSecret {
  core::TargetId id{};
  core::Observed observed{};
};

/// True if the Secret, which no definition names, is to be deleted: it says so itself by what
/// `instance` wrote on it. All of it must be held by our Apply entry, for tools that copy Secrets
/// copy labels and annotations too, and a copy belongs to whoever made it.
[[nodiscard]] bool deletableOrphan(core::Observed const& observed, std::string const& instance);

/// What is to be decided of all orphans at once.
struct OrphanInput {
  std::vector<FoundSecret> orphans{};  ///< deletable ones
  std::size_t ours = 0;                ///< how many Secrets of ours there are, orphans included
  std::string approved{};              ///< the held deletion that was approved, by configuration
  std::string approvedNow{};           ///< and by hand
};

/// How many orphans of `ours` Secrets go without anybody's word: five, or a tenth of all (rounded
/// up) where that is less.
[[nodiscard]] std::size_t deletionLimit(std::size_t ours) noexcept;

/// The deletion, if it is too much to happen without somebody's word: nothing where it is within
/// the limit, or where exactly this deletion was approved.
[[nodiscard]] std::optional<core::HeldChange> heldDeletion(OrphanInput const& input);

}  // namespace kms_secretd::plan

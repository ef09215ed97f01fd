// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include <kms-secretd/clock.hpp>

#include "core/names.hpp"
#include "core/seldom.hpp"
#include "core/value_entries.hpp"

namespace kms_secretd::core {

/// What happens to a Secret of that name that is not ours (rules 2).
enum class AdoptPolicy { never, if_equal, force };

/// owner: the Secret is ours; merge: only our keys in a Secret that others own.
enum class CreationPolicy { owner, merge };

/// What becomes of a Secret of ours when its definition goes.
enum class DeletionPolicy { retain, remove };

/// What becomes of the keys that are made from a source which its store says does not exist.
enum class MissingPolicy { retain, remove };

/// What becomes of data keys that others added to a Secret of ours.
enum class ForeignKeys { keep, remove };

/// One desired Secret, defaults filled in, immutable after load.
struct TargetDefinition {
  TargetId id{};
  SharedText type = "Opaque";
  std::vector<DataEntry> data{};
  std::vector<Extraction> extractions{};
  std::vector<TemplateEntry> templates{};
  std::vector<BuildEntry> builds{};
  Seldom<std::map<std::string, std::string>> labels{};       ///< beyond ours
  Seldom<std::map<std::string, std::string>> annotations{};  ///< beyond ours
  sdk::Milliseconds interval{120'000};
  AdoptPolicy adopt = AdoptPolicy::never;
  CreationPolicy creation = CreationPolicy::owner;
  bool recreate = false;  ///< may be deleted and made anew where its type or immutability differs
  DeletionPolicy deletion = DeletionPolicy::retain;
  MissingPolicy onSourceMissing = MissingPolicy::retain;
  ForeignKeys foreignKeys = ForeignKeys::keep;
  bool immutable = false;  ///< the API server lets nobody change its values
  SharedText approve{};    ///< the held change that may be carried out (approvalOf); no part of
                           ///< what the Secret is, so not of the hash
  SharedText hash{};       ///< of the definition without values, hex; equal on every node
  Origin origin{};

  /// The distinct reads of one round, in order of first use.
  [[nodiscard]] std::vector<SourceRef> reads() const;
  /// The keys that the Secret will have, where that is known without the values; an optional one
  /// counts only if `optional`. Nothing where members are extracted.
  [[nodiscard]] std::optional<std::vector<std::string>> knownKeys(bool optional) const;
  /// True if every read is pinned.
  [[nodiscard]] bool allPinned() const noexcept;
};

}  // namespace kms_secretd::core

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <vector>

#include <kms-secretd/clock.hpp>

#include "core/names.hpp"

namespace kms_secretd::core {

/// What happens to a Secret of that name that is not ours (rules 2).
enum class AdoptPolicy { never, if_equal, force };

/// owner: the Secret is ours; merge: only our keys in a Secret that others own.
enum class CreationPolicy { owner, merge };

/// One key of the Secret and the read that fills it.
struct DataEntry {
  SourceRef source{};
  std::string key{};
  Origin origin{};
};

/// One desired Secret, defaults filled in, immutable after load.
struct TargetDefinition {
  TargetId id{};
  std::string type = "Opaque";
  std::vector<DataEntry> data{};
  std::map<std::string, std::string> labels{};       ///< beyond ours
  std::map<std::string, std::string> annotations{};  ///< beyond ours
  sdk::Milliseconds interval{120'000};
  AdoptPolicy adopt = AdoptPolicy::never;
  CreationPolicy creation = CreationPolicy::owner;
  bool recreate = false;  ///< may be deleted and made anew where its type or immutability differs
  std::string hash{};     ///< of the definition without values, hex; equal on every node
  Origin origin{};

  /// The distinct reads of one round, in order of first use.
  [[nodiscard]] std::vector<SourceRef> reads() const;
  /// True if every read is pinned.
  [[nodiscard]] bool allPinned() const noexcept;
};

}  // namespace kms_secretd::core

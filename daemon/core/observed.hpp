// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace kms_secretd::core {

/// One entry of metadata.managedFields, reduced to what decisions need.
struct ManagedEntry {
  std::string manager{};
  bool apply = false;                      ///< operation "Apply" (else "Update")
  std::vector<std::string> dataKeys{};     ///< sorted
  std::vector<std::string> labels{};       ///< sorted
  std::vector<std::string> annotations{};  ///< sorted
  bool type = false;                       ///< holds f:type: whoever created the object does
  // A manager whose last key was taken keeps "f:data": {} (or "."); at the next write by anybody
  // the server reads that as "every key there is" (seen on 1.20.2). The same for labels and
  // annotations.
  bool wholeData = false;         ///< f:data with no key under it
  bool wholeLabels = false;       ///< f:metadata f:labels with no label under it
  bool wholeAnnotations = false;  ///< f:metadata f:annotations with no annotation under it
};

/// What the cluster says of a target: metadata only, never a value.
struct Observed {
  bool exists = false;
  bool terminating = false;      ///< deletionTimestamp is set
  bool namespaceAbsent = false;  ///< 404 on the namespace or it is terminating
  /// Nobody asked the server: the watch shows nothing of ours there. A create then says so, and
  /// writes nothing where that is wrong.
  bool presumed = false;
  std::string uid{};
  std::string resourceVersion{};
  std::optional<std::string> type{};         ///< only a Table read tells it
  std::optional<std::uint32_t> dataCount{};  ///< number of data keys; only a Table read tells it
  std::map<std::string, std::string> labels{};
  std::map<std::string, std::string> annotations{};
  std::vector<ManagedEntry> managed{};

  /// The Apply entry of `manager`, or null.
  [[nodiscard]] ManagedEntry const* appliedBy(std::string const& manager) const noexcept;
  /// True if the object was made by the Apply entry of `manager`: whoever creates a Secret holds
  /// its type, which nobody can change.
  [[nodiscard]] bool createdBy(std::string const& manager) const noexcept;
};

}  // namespace kms_secretd::core

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/shared_text.hpp"

namespace kms_secretd::core {

/// Where something was written in the configuration: for messages, never for decisions.
struct Origin {
  SharedText file{};
  std::uint32_t line = 0;    ///< from 1
  std::uint32_t column = 0;  ///< from 1

  /// "file:line:column".
  [[nodiscard]] std::string text() const;
  friend auto operator<=>(Origin const&, Origin const&) = default;
};

/// The cluster of [kubernetes]; where there is no other it is not named.
inline constexpr char const* defaultCluster = "default";

/// The same, shared by all that bear it.
[[nodiscard]] SharedText defaultClusterName();

/// "cluster NAME: " before what is said of one cluster; empty for the default one.
[[nodiscard]] std::string ofCluster(std::string const& cluster);

/// One Kubernetes Secret in one cluster: what the queue is keyed by.
struct TargetId {
  SharedText cluster = defaultClusterName();
  SharedText namespaceName{};
  SharedText name{};

  /// "namespace/name", with "cluster:" before it unless the cluster is "default".
  [[nodiscard]] std::string text() const;
  /// The id that has this text; nothing if none has.
  [[nodiscard]] static std::optional<TargetId> from(std::string_view text);
  friend auto operator<=>(TargetId const&, TargetId const&) = default;
};

/// One read: equal refs are answered by one call. Empty stage and id mean ACSCurrent or the
/// backend's like of it.
struct SourceRef {
  SharedText store{};
  SharedText name{};  ///< as the backend names it
  SharedText versionStage{};
  SharedText versionId{};

  /// "store/name", with "@stage" or "#id" behind it where given.
  [[nodiscard]] std::string text() const;
  /// True if a version id pins the read: it never causes a round.
  [[nodiscard]] bool pinned() const noexcept { return !versionId.empty(); }
  friend auto operator<=>(SourceRef const&, SourceRef const&) = default;
};

}  // namespace kms_secretd::core

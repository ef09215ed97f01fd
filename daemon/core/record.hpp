// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/names.hpp"
#include "core/rotation.hpp"

namespace kms_secretd::core {

/// HMAC-SHA256 under a key that lives only in this process: says "equal", tells nothing.
using Digest = std::array<std::uint8_t, 32>;

/// The first bytes of such a digest of one key's value, bound to the key's name.
using KeyPrint = std::array<std::uint8_t, 8>;

/// One key of the Secret as it was applied: enough to say later whether it changed.
struct AppliedKey {
  std::string name{};
  KeyPrint print{};
  friend bool operator==(AppliedKey const&, AppliedKey const&) = default;
};

/// The names alone, in the same order.
[[nodiscard]] std::vector<std::string> namesOf(std::vector<AppliedKey> const& keys);

/// Which version a read returned.
struct SourceVersion {
  SourceRef source{};
  std::string versionId{};
  friend bool operator==(SourceVersion const&, SourceVersion const&) = default;
};

/// What is remembered of a target between rounds: no plaintext, nothing derived from it but the
/// keyed digest. Lost at exit; then everything is re-observed.
struct AppliedRecord {
  std::optional<Digest> digest{};  ///< of what was last applied by this process
  SharedText definitionHash{};     ///< of the definition last applied
  std::string uid{};
  std::string resourceVersion{};
  std::vector<SourceVersion> versions{};
  std::vector<AppliedKey> keys{};  ///< that were applied, sorted by name
  /// A create was sent whose answer never came, or whose withdrawal failed: what is there now may
  /// be somebody else's object with our claim on it.
  bool createUnsettled = false;
  std::vector<SourceRotation> rotations{};  ///< of the managed secrets among the last good reads
};

}  // namespace kms_secretd::core

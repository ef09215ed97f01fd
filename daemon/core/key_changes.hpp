// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

namespace kms_secretd::core {

/// What a write did to the keys of a Secret: names only, each list sorted. A key that kept its
/// value is in none of them.
struct KeyChanges {
  std::vector<std::string> added{};    ///< were not there
  std::vector<std::string> changed{};  ///< have another value than this process applied last
  std::vector<std::string> removed{};
  std::vector<std::string> restored{};  ///< others had changed or removed them: ours again
  /// Were written, and were there before with values that this process does not know.
  std::vector<std::string> unknown{};
  /// Why they are unknown: this process had never applied the Secret, which is ours already.
  bool firstWrite = false;

  /// True if no key is known to have changed, and none may have.
  [[nodiscard]] bool none() const noexcept {
    return added.empty() && changed.empty() && removed.empty() && restored.empty() &&
           unknown.empty();
  }
  friend bool operator==(KeyChanges const&, KeyChanges const&) = default;
};

}  // namespace kms_secretd::core

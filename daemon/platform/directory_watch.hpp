// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "platform/unique_fd.hpp"

namespace kms_secretd::platform {

/// Tells which files of a few directories change: written, replaced, renamed, deleted, or given
/// other rights. A directory that is not there, or goes, is looked for again at each take(). Not
/// thread-safe.
class DirectoryWatch {
 public:
  /// Throws std::system_error if the kernel has no inotify instance left.
  explicit DirectoryWatch(std::vector<std::string> directories);

  /// Readable while a change waits; for poll().
  [[nodiscard]] int fd() const noexcept { return descriptor_.get(); }
  /// The paths that changed since the last call, "DIRECTORY/NAME"; a directory itself where all of
  /// it may have changed (it came, it went, events were lost). Does not block.
  [[nodiscard]] std::vector<std::string> take();
  /// The directories that are there and watched.
  [[nodiscard]] std::size_t watching() const noexcept { return watched_.size(); }

 private:
  void watchMissing(std::vector<std::string>* came);

  std::vector<std::string> directories_;
  UniqueFd descriptor_;
  std::map<int, std::string> watched_{};
};

}  // namespace kms_secretd::platform

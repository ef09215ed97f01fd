// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include <kms-secretd/clock.hpp>

#include "platform/files.hpp"

namespace kms_secretd::platform {

/// Tells, without reading a file, that it is still as it was when it was read. A value; any thread.
class FileMark {
 public:
  /// Take it before the file is read; `now` is the wall clock's. Of a file that changed within the
  /// last two seconds there is none: a file system's clock is coarse, and a second change of the
  /// same size would leave no trace.
  [[nodiscard]] static std::optional<FileMark> of(std::string const& path, sdk::WallTime now);
  /// True if the file at `path` was neither written nor replaced since, and its owner and rights
  /// are as they were. Costs one stat().
  [[nodiscard]] bool holds(std::string const& path) const;

 private:
  explicit FileMark(FileIdentity const& identity) : identity_(identity) {}
  FileIdentity identity_;
};

}  // namespace kms_secretd::platform

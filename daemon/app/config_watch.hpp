// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include <kms-secretd/clock.hpp>

#include "platform/directory_watch.hpp"

namespace kms_secretd::app {

/// Tells when the files of the configuration changed and have been left alone for a moment: what
/// writes several files, or one in pieces, causes one reload. Links are not followed to the
/// directories that they lead to. Main thread.
class ConfigWatch {
 public:
  static constexpr sdk::Milliseconds quiet{500};
  /// Somebody who writes all the time delays a reload no longer than that.
  static constexpr sdk::Milliseconds longestDelay{10'000};

  /// Watches `mainFile` and conf.d/*.toml beside it. Throws std::system_error.
  explicit ConfigWatch(std::string const& mainFile);

  /// Readable while a change waits; for poll().
  [[nodiscard]] int fd() const noexcept { return watch_.fd(); }
  /// Looks for changes; true once for each set of changes, when it is time to reload.
  [[nodiscard]] bool due(sdk::BootTime now);
  /// When due() may be true without a further change.
  [[nodiscard]] std::optional<sdk::BootTime> nextLook() const;

 private:
  [[nodiscard]] bool concerns(std::string const& path) const;

  std::string mainFile_;
  std::string partsDirectory_;
  platform::DirectoryWatch watch_;
  std::optional<sdk::BootTime> first_{};
  sdk::BootTime last_{};
};

}  // namespace kms_secretd::app

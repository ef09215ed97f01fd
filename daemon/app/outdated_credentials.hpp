// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace kms_secretd::app {

/// Notices systemd credentials whose source was written after the unit was started: they rotate by
/// restart only (rules 9). Main thread.
class OutdatedCredentials {
 public:
  /// `directory` is CREDENTIALS_DIRECTORY (empty = there are none), `sources` the files by name.
  OutdatedCredentials(std::string directory, std::map<std::string, std::string> sources);
  /// As systemd runs this process.
  [[nodiscard]] static OutdatedCredentials ofThisUnit();

  /// A sentence where the outdated ones are others than at the last look, and there are some.
  [[nodiscard]] std::optional<std::string> look();
  /// For the status line; empty where all are as loaded.
  [[nodiscard]] std::string const& status() const noexcept { return status_; }

 private:
  std::string directory_;
  std::map<std::string, std::string> sources_;
  std::vector<std::string> known_{};
  std::string status_{};
};

}  // namespace kms_secretd::app

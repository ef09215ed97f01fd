// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <string_view>

namespace kms_secretd::ctl {

/// Writes TOML, line by line. Pure.
class TomlWriter {
 public:
  /// A comment; each line of `text` becomes one.
  void comment(std::string_view text);
  /// "[path]" or "[[path]]"; `path` must be a valid header.
  void header(std::string_view path, bool list);
  /// key = "text"; nothing where `text` is empty.
  void text(std::string_view key, std::string_view text);
  /// key = as it stands.
  void raw(std::string_view key, std::string_view value);
  /// key = { "name" = "text", ... }; nothing where it is empty.
  void table(std::string_view key, std::map<std::string, std::string> const& members);
  [[nodiscard]] std::string const& written() const noexcept { return written_; }

 private:
  std::string written_{};
};

/// A basic TOML string, quotes included.
[[nodiscard]] std::string tomlString(std::string_view text);

}  // namespace kms_secretd::ctl

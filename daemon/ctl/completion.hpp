// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace kms_secretd::ctl {

/// One word of the command line and what it is good for.
struct Word {
  std::string text{};
  std::string help{};
};

/// A command as completion sees it.
struct CommandWords {
  Word name{};
  std::vector<Word> options{};
  bool takesTarget = false;  ///< completed by the targets of the daemon
  bool takesFiles = false;
  std::vector<std::string> choices{};  ///< fixed words it takes
};

/// A script for "bash", "zsh" or "fish"; nothing for another shell. Pure.
[[nodiscard]] std::optional<std::string> completionScript(
    std::string const& shell, std::vector<CommandWords> const& commands);

}  // namespace kms_secretd::ctl

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

namespace kms_secretd::app {

/// What the daemon was started to do.
enum class Mode { run, once, check_config, print_rbac, render, doctor, plan, version, help };

/// The command line, defaults filled in.
struct Arguments {
  Mode mode = Mode::run;
  std::string config = "/etc/kms-secretd/kms-secretd.toml";
  std::string definition{};                ///< of --render: "namespace/name"
  std::string cluster{};                   ///< --print-rbac: of several only this one; empty = all
  std::vector<std::string> targets{};      ///< of --plan: "namespace/name" each; none = all
  bool showValues = false;                 ///< of --render
  std::optional<std::string> pluginDir{};  ///< instead of the compiled-in directory
  bool foreground = false;                 ///< lines on standard error instead of the journal
  bool online = false;                     ///< --check-config also asks the stores
};

/// A command line that makes no sense; what() is a sentence with the remedy.
class UsageError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Reads the command line. Throws UsageError. Not thread-safe (getopt).
[[nodiscard]] Arguments parseArguments(int argc, char* const* argv);

/// What --help prints.
[[nodiscard]] std::string usage();

}  // namespace kms_secretd::app

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <optional>
#include <string>
#include <vector>

#include "app/doctor/finding.hpp"
#include "core/config.hpp"
#include "platform/files.hpp"

namespace kms_secretd::app::doctor {

/// The user that the daemon runs as, where this host has it.
struct ServiceUser {
  std::string name = "kms-secretd";
  ::uid_t uid = 0;
  ::gid_t gid = 0;
};

/// The user of the unit; nothing where there is none.
[[nodiscard]] std::optional<ServiceUser> serviceUser();

/// A file that the daemon reads.
struct HostFile {
  std::string path{};
  bool secret = true;  ///< must be closed to others
};

/// The files that the configuration consists of and names, each once: its own (`mainFile` and
/// conf.d beside it), the kubeconfig, and what stores read secrets from.
[[nodiscard]] std::vector<HostFile> filesOf(std::string const& mainFile,
                                            core::Config const& config);

/// What is wrong with who may do what with a file; nothing if all is well. `user`: who must be able
/// to read it. Pure.
[[nodiscard]] std::optional<Finding> judgeFile(HostFile const& file,
                                               platform::FileFacts const& facts,
                                               std::optional<ServiceUser> const& user);

/// Looks at all files.
void lookAtFiles(std::vector<HostFile> const& files, Findings& findings);

/// What the kernel tells of a running daemon.
struct MemoryFacts {
  std::optional<::pid_t> pid{};  ///< nothing: none runs, or it may not be asked
  bool locked = false;
  bool coresPossible = false;
  bool swap = false;  ///< this host has swap
};

/// What that means. Pure.
void judgeMemory(MemoryFacts const& facts, Findings& findings);
/// Finds the daemon that listens on `socket`, and what the kernel tells of it.
[[nodiscard]] MemoryFacts memoryFacts(std::string const& socket);

}  // namespace kms_secretd::app::doctor

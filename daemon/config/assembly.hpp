// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <vector>

#include "config/file_draft.hpp"
#include "config/load.hpp"
#include "config/problem.hpp"

namespace kms_secretd::config {

/// What the drafts of all files are put together with.
struct AssemblyRequest {
  HashFunction const& hash;
  bool partial = false;     ///< a file could not be read: what is missing may stand there
  core::Origin mainFile{};  ///< for what is missing altogether
};

/// Puts the files together: settings, stores, targets, and what only shows when all are seen. The
/// configuration is usable only if the findings are clean.
[[nodiscard]] core::Config assemble(std::vector<FileDraft> drafts, AssemblyRequest const& request,
                                    Findings& findings);

}  // namespace kms_secretd::config

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>

#include <kms-secretd/options.hpp>

#include "platform/files.hpp"

namespace kms_secretd::app {

/// The files by path.
using NamedFiles = std::map<std::string, platform::FileIdentity>;

/// The files that the options of a store name by an absolute path and that are there, such as the
/// certificates of a CA: a backend may have read them when it was made. Not the sources of secrets,
/// which backends look at by themselves. Any thread.
[[nodiscard]] NamedFiles namedFiles(sdk::Options const& options);

}  // namespace kms_secretd::app

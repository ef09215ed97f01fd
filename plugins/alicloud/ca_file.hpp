// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace kms_secretd::alicloud {

/// Reads a PEM file with certificates, at most 1 MiB; empty for an empty path. Throws
/// sdk::OptionError(`option`) where it cannot be read or holds no certificate.
[[nodiscard]] std::string readCaFile(std::string const& path, std::string const& option);

}  // namespace kms_secretd::alicloud

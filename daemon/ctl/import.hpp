// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <stdexcept>
#include <string>
#include <vector>

namespace kms_secretd::ctl {

/// A file of manifests, as `kubectl get -o yaml` or a chart writes them.
struct ManifestFile {
  std::string name{};  ///< for messages
  std::string text{};
};

/// A file that is not YAML; the message says where.
class ImportError final : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// What came of an import.
struct Imported {
  std::string toml{};                ///< for conf.d
  std::vector<std::string> notes{};  ///< what was not carried over, or must be looked at
  std::size_t secrets = 0;
  std::size_t stores = 0;
};

/// Turns ack-secret-manager's ExternalSecrets and SecretStores (group alibabacloud.com, v1alpha1,
/// 0.5 and 0.6) into definitions. What cannot be carried over is never left out in silence: each
/// has a note. Pure. Throws ImportError.
[[nodiscard]] Imported importManifests(std::vector<ManifestFile> const& files);

}  // namespace kms_secretd::ctl

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <kms-secretd/secret_bytes.hpp>
#include <kms-secretd/transport.hpp>

#include "kube/kubeconfig.hpp"
#include "platform/files.hpp"

namespace kms_secretd::kube {

/// A file in the state in which it was read; no identity = it could not be inspected.
struct SeenFile {
  std::string path{};
  std::optional<platform::FileIdentity> identity{};

  /// `path` as it is now.
  [[nodiscard]] static SeenFile look(std::string path);
  /// True if the file was written or replaced since.
  [[nodiscard]] bool changed() const;
};

/// Reads the token of `config`, empty if it has none. Throws KubeconfigError where the file cannot
/// be read, or holds what cannot be a token; the message never shows it. Any thread, as all here.
[[nodiscard]] sdk::SecretBytes readToken(Kubeconfig const& config);

/// Reads CA, certificate and key of `config` into the spec of a transport. Throws KubeconfigError.
[[nodiscard]] sdk::TransportSpec readTransportSpec(Kubeconfig const& config);

/// The kubeconfig and the PEM files that it names, as they are now: a change of any needs a new
/// transport.
[[nodiscard]] std::vector<SeenFile> lookAtIdentity(Kubeconfig const& config);

}  // namespace kms_secretd::kube

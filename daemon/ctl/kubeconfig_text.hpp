// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace kms_secretd::ctl {

/// A kubeconfig of one cluster and one login, which lies in files beside it.
struct KubeconfigParts {
  std::string server{};
  std::string authorityPem{};     ///< empty = the system's roots
  std::string certificateFile{};  ///< and keyFile; or
  std::string keyFile{};
  std::string tokenFile{};
};

/// The text of the file. Pure.
[[nodiscard]] std::string kubeconfigText(KubeconfigParts const& parts);

}  // namespace kms_secretd::ctl

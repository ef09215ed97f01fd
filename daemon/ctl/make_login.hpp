// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <kms-secretd/clock.hpp>
#include <string>

#include "ctl/cluster_client.hpp"

namespace kms_secretd::ctl {

/// How the daemon is to log in.
struct LoginWish {
  std::string way{};        ///< "certificate" or "token"
  std::string admin{};      ///< kubeconfig of somebody who may set it up
  std::string context{};    ///< of it; empty = the current one
  std::string out{};        ///< the kubeconfig to write
  std::string directory{};  ///< where key and certificate, or the token, go; empty = as usual
  std::string user = "kms-secretd";                 ///< common name of the certificate
  std::string account = "kms-secretd/kms-secretd";  ///< NAMESPACE/NAME of the ServiceAccount
  bool approve = false;                             ///< approve the request with the admin's rights
  sdk::Milliseconds longest{60'000};                ///< to wait for the certificate
};

/// Makes a login that gives no right by itself, and writes it to files that only the daemon may
/// read; says on standard output what was done and what is next. The exit code. Throws
/// ClusterError, and std::runtime_error where a file cannot be written.
[[nodiscard]] int makeLogin(LoginWish const& wish);

}  // namespace kms_secretd::ctl

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "core/config.hpp"

namespace kms_secretd::kube {

/// To whom the rights are given.
struct RbacSubject {
  std::string kind = "User";  ///< User, Group or ServiceAccount
  std::string name = "kms-secretd";
  std::string namespaceName{};  ///< of a ServiceAccount
};

/// The exact rights in its one cluster that `config`, the share of it, needs, as YAML for `kubectl
/// apply -f`: one Role and RoleBinding for each namespace with targets, by name where RBAC can (it
/// cannot for list and watch), and for a ServiceAccount the right to renew its own token; and the
/// tokens of the ServiceAccounts that stores log in as. Pure; any thread.
[[nodiscard]] std::string rbacRules(core::Config const& config, RbacSubject const& subject);

}  // namespace kms_secretd::kube

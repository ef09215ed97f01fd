// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "fakes/kube_double/api.hpp"

namespace kms_secretd::fakes::kube {

/// Where a path leads.
struct Api::Route {
  enum class Kind { none, plain, namespaces, secrets, accounts, leases };
  Kind kind = Kind::none;
  std::string namespaceName{};
  std::string name{};
  std::string subresource{};

  /// What `request` wants here, in the words of RBAC.
  [[nodiscard]] Wish wish(std::string const& user, Request const& request) const;
};

/// The form that an Accept header asks for; the first one known of a list.
[[nodiscard]] std::variant<Form, Status> formOf(std::string const& accept);
[[nodiscard]] Response answer(Status const& status);
[[nodiscard]] Response answer(int code, boost::json::value const& body);
[[nodiscard]] boost::json::object shaped(Secret const& secret, Form form);

}  // namespace kms_secretd::fakes::kube

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/json.hpp>

#include <string>
#include <variant>

#include "fakes/kube_double/object.hpp"
#include "fakes/kube_double/status.hpp"

namespace kms_secretd::fakes::kube {

/// What a body says of managedFields.
enum class GivenManagers { none, stripped, given };

/// A body as an object; of managedFields only what it says of them.
struct Body {
  Secret secret{};
  GivenManagers managers = GivenManagers::none;
};

/// Where a body was sent to and how strictly it is read.
struct BodyTarget {
  std::string namespaceName{};
  std::string name{};  ///< empty for a POST
  bool apply = false;  ///< an apply: members without value are empty, unknown ones refused
};

/// Reads `text` as a Secret for `target`, or the Status with which the server refuses it.
[[nodiscard]] std::variant<Body, Status> parseBody(std::string const& text,
                                                   BodyTarget const& target);

/// RFC 7396.
void mergePatch(boost::json::value& target, boost::json::value const& patch);

}  // namespace kms_secretd::fakes::kube

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/json.hpp>

#include <string>
#include <vector>

namespace kms_secretd::fakes::kube {

/// One cause in the details of a Status.
struct Cause {
  std::string reason{};
  std::string field{};
  std::string message{};
};

/// A refusal as the API server answers it (kind Status). The texts are those of 1.20.2.
struct Status {
  int code = 500;
  std::string reason{};
  std::string message{};
  std::string kind{};  ///< details.kind
  std::string name{};  ///< details.name
  std::vector<Cause> causes{};
  int retryAfterSeconds = 0;
  std::string continueToken{};

  [[nodiscard]] boost::json::object json() const;
};

[[nodiscard]] Status notFound(std::string const& kind, std::string const& name);
[[nodiscard]] Status badRequest(std::string const& message);
[[nodiscard]] Status internalError(std::string const& message);
[[nodiscard]] Status alreadyExists(std::string const& kind, std::string const& name);
/// 409 without causes: `why` is the end of the sentence.
[[nodiscard]] Status conflict(std::string const& kind, std::string const& name,
                              std::string const& why);
/// 422 with one cause a broken rule.
[[nodiscard]] Status invalid(std::string const& name, std::vector<Cause> const& causes);
[[nodiscard]] Status namespaceTerminating(std::string const& namespaceName,
                                          std::string const& name);
[[nodiscard]] Status unauthorized();

}  // namespace kms_secretd::fakes::kube

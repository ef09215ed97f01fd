// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <variant>
#include <vector>

#include "fakes/kube_double/status.hpp"

namespace kms_secretd::fakes::kube {

/// What a user may do; an empty set means any.
struct Rule {
  std::set<std::string> verbs{};
  std::set<std::string> resources{};  ///< secrets, namespaces, serviceaccounts/token
  std::set<std::string> namespaces{};
  std::set<std::string> names{};
};

/// What a request wants, in the words of RBAC.
struct Wish {
  std::string user{};
  std::string verb{};
  std::string resource{};
  std::string namespaceName{};
  std::string name{};
};

/// Who may do what. The user "admin" may do everything, everybody else what their rules allow.
/// Thread-safe.
class Access {
 public:
  /// A user who logs in with `token`.
  void addToken(std::string const& token, std::string const& user);
  /// Replaces the rules of `user`.
  void setRules(std::string const& user, std::vector<Rule> rules);
  /// A new token of `user` that ends at `end`.
  [[nodiscard]] std::string issueToken(std::string const& user,
                                       std::chrono::system_clock::time_point end);
  /// Ends all tokens of `user` now.
  void expireTokens(std::string const& user);

  /// The user of a request by its Authorization header or the name in its client certificate;
  /// nobody is "system:anonymous". 401 for a token that is unknown or over.
  [[nodiscard]] std::variant<std::string, Status> authenticate(
      std::string const& authorization, std::string const& certificateName) const;
  /// 403 if the wish is not allowed.
  [[nodiscard]] std::optional<Status> whyForbidden(Wish const& wish) const;

 private:
  struct Token {
    std::string user{};
    std::chrono::system_clock::time_point end = std::chrono::system_clock::time_point::max();
  };
  mutable std::mutex mutex_;
  std::map<std::string, Token> tokens_;
  std::map<std::string, std::vector<Rule>> rules_;
};

}  // namespace kms_secretd::fakes::kube

// SPDX-License-Identifier: Apache-2.0
#include "fakes/kube_double/access.hpp"

#include <openssl/rand.h>

#include <algorithm>
#include <array>

namespace kms_secretd::fakes::kube {
namespace {

bool allows(std::set<std::string> const& allowed, std::string const& wanted) {
  return allowed.empty() || allowed.contains(wanted) || allowed.contains("*");
}

bool allows(Rule const& rule, Wish const& wish) {
  return allows(rule.verbs, wish.verb) && allows(rule.resources, wish.resource) &&
         allows(rule.namespaces, wish.namespaceName) && allows(rule.names, wish.name);
}

Status forbidden(Wish const& wish) {
  Status status;
  status.code = 403;
  status.reason = "Forbidden";
  status.kind = wish.resource;
  status.name = wish.name;
  auto const what = wish.name.empty() ? wish.resource : wish.resource + " \"" + wish.name + "\"";
  auto const where = wish.namespaceName.empty() ? std::string("at the cluster scope")
                                                : "in the namespace \"" + wish.namespaceName + "\"";
  status.message = what + " is forbidden: User \"" + wish.user + "\" cannot " + wish.verb +
                   " resource \"" + wish.resource + "\" in API group \"\" " + where;
  return status;
}

std::string randomHex() {
  std::array<unsigned char, 16> bytes{};
  RAND_bytes(bytes.data(), static_cast<int>(bytes.size()));
  std::string text;
  for (auto const byte : bytes) {
    text += "0123456789abcdef"[byte >> 4];
    text += "0123456789abcdef"[byte & 15];
  }
  return text;
}

}  // namespace

void Access::addToken(std::string const& token, std::string const& user) {
  std::scoped_lock const lock(mutex_);
  tokens_[token].user = user;
}

void Access::setRules(std::string const& user, std::vector<Rule> rules) {
  std::scoped_lock const lock(mutex_);
  rules_[user] = std::move(rules);
}

std::string Access::issueToken(std::string const& user, std::chrono::system_clock::time_point end) {
  auto const token = "double." + randomHex();
  std::scoped_lock const lock(mutex_);
  tokens_[token] = {user, end};
  return token;
}

void Access::expireTokens(std::string const& user) {
  std::scoped_lock const lock(mutex_);
  for (auto& [token, known] : tokens_) {
    if (known.user == user) known.end = std::chrono::system_clock::time_point::min();
  }
}

std::variant<std::string, Status> Access::authenticate(std::string const& authorization,
                                                       std::string const& certificateName) const {
  if (!certificateName.empty()) return certificateName;
  if (authorization.empty()) return std::string("system:anonymous");
  std::scoped_lock const lock(mutex_);
  std::string const bearer = "Bearer ";
  if (!authorization.starts_with(bearer)) return unauthorized();
  auto const at = tokens_.find(authorization.substr(bearer.size()));
  if (at == tokens_.end() || at->second.end <= std::chrono::system_clock::now()) {
    return unauthorized();
  }
  return at->second.user;
}

std::optional<Status> Access::whyForbidden(Wish const& wish) const {
  if (wish.user == "admin") return std::nullopt;
  std::scoped_lock const lock(mutex_);
  auto const at = rules_.find(wish.user);
  bool const allowed = at != rules_.end() && std::ranges::any_of(at->second, [&](Rule const& rule) {
                         return allows(rule, wish);
                       });
  return allowed ? std::nullopt : std::optional(forbidden(wish));
}

}  // namespace kms_secretd::fakes::kube

// SPDX-License-Identifier: Apache-2.0
#include "emulator/sts/role_book.hpp"

namespace kms_secretd::emulator {

std::optional<Role> RoleBook::role(const std::string& arn) const {
  const auto found = roles_.find(arn);
  if (found == roles_.end() || !found->second.active) return std::nullopt;
  return found->second;
}

std::optional<OidcProvider> RoleBook::provider(const std::string& arn) const {
  const auto found = providers_.find(arn);
  if (found == providers_.end()) return std::nullopt;
  return found->second;
}

bool RoleBook::setActive(const std::string& arn, bool active) {
  const auto found = roles_.find(arn);
  if (found == roles_.end()) return false;
  found->second.active = active;
  return true;
}

}  // namespace kms_secretd::emulator

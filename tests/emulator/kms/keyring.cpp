// SPDX-License-Identifier: Apache-2.0
#include "emulator/kms/keyring.hpp"

#include <algorithm>
#include <functional>

namespace kms_secretd::emulator {

std::optional<AccessKey> Keyring::find(const std::string& id) const {
  const auto found = keys_.find(id);
  if (found == keys_.end()) return std::nullopt;
  return found->second;
}

std::vector<AccessKey> Keyring::all() const {
  std::vector<AccessKey> out;
  for (const auto& [id, key] : keys_) out.push_back(key);
  return out;
}

bool Keyring::knowsToken(std::string_view token) const {
  return std::any_of(keys_.begin(), keys_.end(), [&](const auto& entry) {
    return !entry.second.token.empty() && entry.second.token == token;
  });
}

bool Keyring::useNonce(std::string_view keyId, std::string_view nonce, std::int64_t now) {
  while (!expiries_.empty() && expiries_.front().first <= now) {
    nonces_.erase(expiries_.front().second);
    expiries_.pop_front();
  }
  std::string joined(keyId);
  joined += '\n';
  joined += nonce;
  const std::uint64_t hash = std::hash<std::string>{}(joined);
  if (!nonces_.insert(hash).second) return false;
  expiries_.emplace_back(now + kNonceSeconds, hash);
  return true;
}

}  // namespace kms_secretd::emulator

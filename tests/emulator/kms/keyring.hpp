// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>
#include <utility>
#include <vector>

namespace kms_secretd::emulator {

/// A long-lived access key, or an STS triple when it has a token.
struct AccessKey {
  std::string id;
  std::string secret;
  std::string token;
  std::string account;
  std::string arn;                        // whose it is; empty = a user named as the key
  std::string roleArn;                    // of a role session; else empty
  bool mayRead = true;                    // false: the session's policy forbids to read secrets
  std::optional<std::int64_t> expiresAt;  // server seconds
  bool active = true;
  /// The code of the answer after expiry: KMS documents InvalidAccessKeyId.NotFound as well.
  std::string expiredAs = "InvalidSecurityToken.Expired";
};

/// The registered access keys and the nonces that they used. Not synchronised: see World.
class Keyring {
 public:
  void put(AccessKey key) { keys_[key.id] = std::move(key); }
  bool erase(const std::string& id) { return keys_.erase(id) != 0; }
  std::optional<AccessKey> find(const std::string& id) const;
  std::vector<AccessKey> all() const;
  /// True if any registered key has this token.
  bool knowsToken(std::string_view token) const;

  /// Remembers a nonce of a key for `kNonceSeconds`; false if it was used already.
  bool useNonce(std::string_view keyId, std::string_view nonce, std::int64_t now);

  /// How long a nonce must stay unique (KMS protocol, V3 headers).
  static constexpr std::int64_t kNonceSeconds = 15 * 60;

 private:
  std::map<std::string, AccessKey> keys_;
  std::unordered_set<std::uint64_t> nonces_;  // hashes: a bench leaves millions behind
  std::deque<std::pair<std::int64_t, std::uint64_t>> expiries_;
};

}  // namespace kms_secretd::emulator

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace kms_secretd::emulator {

/// What the service keeps of a client key: never the private half.
struct ClientKey {
  std::string id;
  std::string certificatePem;
  std::string account;
  std::int64_t notBefore = 0;  // server seconds
  std::int64_t notAfter = 0;
  bool active = true;
};

/// The registered client keys. Not synchronised: see World.
class ClientKeys {
 public:
  void put(ClientKey key) { keys_[key.id] = std::move(key); }
  bool erase(const std::string& id) { return keys_.erase(id) != 0; }
  std::optional<ClientKey> find(const std::string& id) const {
    const auto found = keys_.find(id);
    if (found == keys_.end()) return std::nullopt;
    return found->second;
  }
  std::vector<ClientKey> all() const {
    std::vector<ClientKey> out;
    for (const auto& [id, key] : keys_) out.push_back(key);
    return out;
  }

 private:
  std::map<std::string, ClientKey> keys_;
};

}  // namespace kms_secretd::emulator

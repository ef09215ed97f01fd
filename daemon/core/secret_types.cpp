// SPDX-License-Identifier: Apache-2.0
#include "core/secret_types.hpp"

namespace kms_secretd::core {

std::vector<std::vector<std::string>> requiredKeys(std::string_view type) {
  if (type == tlsType) return {{"tls.crt"}, {"tls.key"}};
  if (type == dockerConfigType) return {{".dockerconfigjson"}};
  if (type == "kubernetes.io/dockercfg") return {{".dockercfg"}};
  if (type == basicAuthType) return {{"username", "password"}};
  if (type == sshAuthType) return {{"ssh-privatekey"}};
  return {};
}

std::vector<std::string> builtKeys(std::string_view type) {
  if (type == tlsType) return {"tls.crt", "tls.key"};
  if (type == dockerConfigType) return {".dockerconfigjson"};
  if (type == basicAuthType) return {"username", "password"};
  if (type == sshAuthType) return {"ssh-privatekey"};
  return {};
}

bool mintsTokens(std::string_view type) noexcept {
  return type == "kubernetes.io/service-account-token" || type == "bootstrap.kubernetes.io/token";
}

}  // namespace kms_secretd::core

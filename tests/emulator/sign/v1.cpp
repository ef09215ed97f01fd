// SPDX-License-Identifier: Apache-2.0
#include "emulator/sign/v1.hpp"

#include "emulator/sign/digest.hpp"

namespace kms_secretd::emulator::v1 {

std::string stringToSign(std::string_view method, Params params) {
  std::erase_if(params, [](const auto& param) { return param.first == "Signature"; });
  return std::string(method) + "&%2F&" + percentEncode(canonicalParams(std::move(params)));
}

std::string sign(std::string_view secret, std::string_view stringToSign) {
  return hmacSha1Base64(std::string(secret) + '&', stringToSign);
}

}  // namespace kms_secretd::emulator::v1

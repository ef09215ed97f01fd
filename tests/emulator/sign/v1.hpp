// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "emulator/sign/encoding.hpp"

namespace kms_secretd::emulator::v1 {

/// `METHOD&%2F&enc(canonical)` over all parameters but `Signature` (KMS protocol, V1 signing).
std::string stringToSign(std::string_view method, Params params);

/// Base64 of HMAC-SHA1 with the key `secret + "&"`.
std::string sign(std::string_view secret, std::string_view stringToSign);

}  // namespace kms_secretd::emulator::v1

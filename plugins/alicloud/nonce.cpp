// SPDX-License-Identifier: Apache-2.0
#include "alicloud/nonce.hpp"

#include <array>
#include <stdexcept>

#include <openssl/rand.h>

#include "alicloud/digest.hpp"

namespace kms_secretd::alicloud {

std::string freshNonce() {
  std::array<unsigned char, 16> bytes{};
  if (RAND_bytes(bytes.data(), static_cast<int>(bytes.size())) != 1) {
    throw std::runtime_error("the random generator of OpenSSL failed");
  }
  return lowerHex({reinterpret_cast<char const*>(bytes.data()), bytes.size()});
}

}  // namespace kms_secretd::alicloud

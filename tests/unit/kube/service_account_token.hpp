// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <string>

#include <kms-secretd/clock.hpp>

#include "kube/base64.hpp"

namespace kms_secretd::kube::test {

/// `bytes` in base64url without padding, as a JWT has its parts.
inline std::string base64url(std::string const& bytes) {
  sdk::SecretBytes out;
  out.reserve(base64Size(bytes.size()));
  appendBase64(out, bytes);
  std::string text(out.reveal());
  std::ranges::replace(text, '+', '-');
  std::ranges::replace(text, '/', '_');
  text.resize(std::min(text.size(), text.find('=')));
  return text;
}

/// A JWT with this payload and a signature that nobody looks at.
inline std::string tokenOf(std::string const& payload) {
  return base64url(R"({"alg":"RS256"})") + "." + base64url(payload) + ".c2ln";
}

/// A token of ServiceAccount kms/daemon.
inline std::string serviceAccountToken(sdk::WallTime issued, sdk::WallTime expires) {
  auto const seconds = [](sdk::WallTime time) {
    return std::to_string(time.time_since_epoch() / std::chrono::seconds(1));
  };
  return tokenOf(R"({"sub":"system:serviceaccount:kms:daemon","iat":)" + seconds(issued) +
                 R"(,"exp":)" + seconds(expires) + "}");
}

}  // namespace kms_secretd::kube::test

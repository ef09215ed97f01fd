// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "emulator/net/http_request.hpp"
#include "emulator/sign/encoding.hpp"

namespace kms_secretd::emulator::test {

/// A V3 request that tests bend before signing. The signing itself is proven by the vectors.
struct V3Request {
  std::string method = "POST";
  std::string host = "kms.cn-hangzhou.aliyuncs.com";
  std::string action = "GetSecretValue";
  std::string version = "2016-01-20";
  std::string keyId = "testAccessKeyId0001";
  std::string secret = "testAccessKeySecret0001";
  std::string token;
  std::string nonce;      // empty: a random one
  std::string timestamp;  // empty: now
  std::string accept = "application/json";
  std::string body;
  Params params;
  std::vector<std::pair<std::string, std::string>> signedExtras;
  std::vector<std::pair<std::string, std::string>> unsignedExtras;

  /// The signed request as the server parses it.
  Request build() const;
  /// The signed request as it goes over the wire.
  std::string wire() const;
};

/// A signed V1 request with everything in the query.
struct V1Request {
  std::string method = "GET";
  std::string keyId = "testAccessKeyId0001";
  std::string secret = "testAccessKeySecret0001";
  std::string timestamp;
  Params params;  // replaces the common parameter of the same name; an empty value removes it

  Request build() const;
};

/// The text of a request, with Content-Length.
std::string renderRequest(const Request& request);

}  // namespace kms_secretd::emulator::test

// SPDX-License-Identifier: Apache-2.0
#include "signed_request.hpp"

#include <algorithm>

#include "emulator/server_clock.hpp"
#include "emulator/sign/digest.hpp"
#include "emulator/sign/v1.hpp"
#include "emulator/sign/v3.hpp"

namespace kms_secretd::emulator::test {
namespace {

std::string orNow(const std::string& timestamp) {
  return timestamp.empty() ? formatTimestamp(ServerClock{}.now()) : timestamp;
}

std::string join(const std::vector<std::string>& names) {
  std::string out;
  for (const std::string& name : names) out += (out.empty() ? "" : ";") + name;
  return out;
}

}  // namespace

Request V3Request::build() const {
  Request request;
  request.method = method;
  request.path = "/";
  request.query = canonicalParams(params);
  request.body = body;
  request.headers = {{"host", host},
                     {"x-acs-action", action},
                     {"x-acs-version", version},
                     {"x-acs-date", orNow(timestamp)},
                     {"x-acs-signature-nonce", nonce.empty() ? randomHex(16) : nonce},
                     {"x-acs-content-sha256", sha256Hex(body)}};
  if (!token.empty()) request.headers.emplace_back("x-acs-security-token", token);
  for (const auto& header : signedExtras) request.headers.push_back(header);
  std::vector<std::string> names;
  for (const auto& header : request.headers) names.push_back(header.first);
  std::sort(names.begin(), names.end());
  const auto canonical = v3::canonicalRequest(request, names);
  const std::string signature = v3::sign(secret, v3::stringToSign(canonical.value_or("")));
  for (const auto& header : unsignedExtras) request.headers.push_back(header);
  if (!accept.empty()) request.headers.emplace_back("accept", accept);
  request.headers.emplace_back("authorization", "ACS3-HMAC-SHA256 Credential=" + keyId +
                                                    ",SignedHeaders=" + join(names) +
                                                    ",Signature=" + signature);
  return request;
}

std::string V3Request::wire() const { return renderRequest(build()); }

Request V1Request::build() const {
  Params all = {{"Action", "GetSecretValue"},
                {"Version", "2016-01-20"},
                {"Format", "JSON"},
                {"AccessKeyId", keyId},
                {"SignatureMethod", "HMAC-SHA1"},
                {"SignatureVersion", "1.0"},
                {"SignatureNonce", randomHex(16)},
                {"Timestamp", orNow(timestamp)}};
  for (const auto& [name, value] : params) {
    std::erase_if(all, [&](const auto& param) { return param.first == name; });
    if (!value.empty()) all.emplace_back(name, value);
  }
  const std::string signature = v1::sign(secret, v1::stringToSign(method, all));
  if (findParam(params, "Signature") == nullptr) all.emplace_back("Signature", signature);
  Request request;
  request.method = method;
  request.path = "/";
  request.query = canonicalParams(all);
  request.headers = {{"host", "kms.cn-hangzhou.aliyuncs.com"}};
  return request;
}

std::string renderRequest(const Request& request) {
  std::string out = request.method + ' ' + request.path;
  if (!request.query.empty()) out += '?' + request.query;
  out += " HTTP/1.1\r\n";
  for (const auto& [name, value] : request.headers) out += name + ": " + value + "\r\n";
  return out + "content-length: " + std::to_string(request.body.size()) + "\r\n\r\n" + request.body;
}

}  // namespace kms_secretd::emulator::test

// SPDX-License-Identifier: Apache-2.0
#include "kms-endpoint/failures.hpp"

#include <string>
#include <string_view>

#include "alicloud/redaction.hpp"

namespace kms_secretd::kms_endpoint {
namespace {

// "This operation for key-hzz123 is forbidden" -> "key-hzz123"
std::string keyIn(std::string_view text) {
  auto const at = text.find("key-");
  if (at == std::string_view::npos) return {};
  auto const end =
      text.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-", at);
  return alicloud::plainIdentifier(text.substr(at, end - at));
}

// The service signed our canonical request with the secret that it knows; if the echo shows that it
// saw the same one, the two secrets differ.
std::string signatureAdvice(alicloud::RpcError const& error, std::string_view stringToSign) {
  auto const hash = stringToSign.substr(stringToSign.find('\n') + 1);
  if (error.message.find(hash) != std::string::npos) {
    return "auth.secret does not belong to this access key; correct it";
  }
  if (error.message.find("ToSign") != std::string::npos) {
    return "the request arrived changed: look for a proxy that rewrites it";
  }
  return {};
}

std::string adviceFor(alicloud::RpcError const& error, Signed const& sent) {
  std::string advice;
  if (error.code == "Forbidden.NoPermission") {
    auto const key = keyIn(error.message);
    if (!key.empty()) advice = "grant the RAM action kms:Decrypt on " + key;
  }
  if (error.code == "SignatureDoesNotMatch") {
    advice = signatureAdvice(error, sent.request.stringToSign);
  }
  return advice.empty() ? std::string(alicloud::classify(error).advice) : advice;
}

std::string whatHappened(alicloud::RpcError const& error, Signed const& sent) {
  auto const& credential = sent.credential;
  auto const text = alicloud::presentable(
      error.message, {credential.accessKeySecret().reveal(), credential.securityToken().reveal(),
                      credential.accessKeyId(), sent.request.signature});
  auto const status = "HTTP " + std::to_string(error.status);
  auto what = error.code.empty() ? status : error.code + " (" + status + ')';
  return text.empty() ? what : what + ": " + text;
}

}  // namespace

sdk::Failure refused(alicloud::RpcError const& error, Signed const& sent) {
  return {.kind = alicloud::classify(error).kind,
          .code = error.code,
          .message = whatHappened(error, sent) + "; " + adviceFor(error, sent),
          .requestId = error.requestId};
}

}  // namespace kms_secretd::kms_endpoint

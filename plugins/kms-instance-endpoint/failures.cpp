// SPDX-License-Identifier: Apache-2.0
#include "kms-instance-endpoint/failures.hpp"

#include <string>

#include "alicloud/acs_date.hpp"
#include "alicloud/redaction.hpp"
#include "kms-instance-endpoint/error_table.hpp"

namespace kms_secretd::kms_instance_endpoint {
namespace {

std::string whatHappened(alicloud::RpcError const& error, Signed const& sent) {
  auto const text = alicloud::presentable(error.message, {sent.call.signature});
  auto const status = "HTTP " + std::to_string(error.status);
  auto what = error.code.empty() ? status : error.code + " (" + status + ')';
  return text.empty() ? what : what + ": " + text;
}

// An ended key is refused with the same code as an unknown one, so its own certificate is asked.
std::string adviceFor(alicloud::Verdict const& verdict, Signed const& sent) {
  auto const end = sent.key.expiresAt();
  auto const mayBeTheKey = verdict.repeat == alicloud::Repeat::fresh_credentials;
  if (mayBeTheKey && end && *end <= sent.date) {
    return "the client key " + sent.key.id() + " expired at " + alicloud::acsDate(*end) +
           "; create a new client key for the access point and write it with its password";
  }
  return std::string(verdict.advice);
}

}  // namespace

sdk::Failure refused(alicloud::RpcError const& error, Signed const& sent) {
  auto const verdict = verdictOn(error);
  return {.kind = verdict.kind,
          .code = error.code,
          .message = whatHappened(error, sent) + "; " + adviceFor(verdict, sent),
          .requestId = error.requestId};
}

}  // namespace kms_secretd::kms_instance_endpoint

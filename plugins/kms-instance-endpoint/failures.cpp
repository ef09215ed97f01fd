// SPDX-License-Identifier: Apache-2.0
#include "kms-instance-endpoint/failures.hpp"

#include <utility>

#include "alicloud/acs_date.hpp"
#include "alicloud/endpoint.hpp"
#include "alicloud/redaction.hpp"
#include "kms-instance-endpoint/error_table.hpp"

namespace kms_secretd::kms_instance_endpoint {
namespace {

std::string beginningOf(Subject const& subject) {
  return "cannot read secret \"" + alicloud::presentable(subject.secretName, {}) + "\" from " +
         std::string(subject.host) + ": ";
}

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

sdk::Failure unsendable(Subject const& subject, sdk::FailureKind kind, std::string_view what) {
  return {.kind = kind, .message = beginningOf(subject) + std::string(what)};
}

sdk::Failure unreachable(Subject const& subject, sdk::Failure const& transport) {
  auto failure = transport;
  failure.message = beginningOf(subject) + transport.message;
  auto const away = transport.kind == sdk::FailureKind::unavailable ||
                    transport.kind == sdk::FailureKind::timed_out;
  if (away && alicloud::isInstanceHost(subject.host)) {
    failure.message += alicloud::whereInstancesAnswer;
  }
  return failure;
}

sdk::Failure brokenAnswer(Subject const& subject, std::string_view what, std::string requestId) {
  return {.kind = sdk::FailureKind::invalid_response,
          .message = beginningOf(subject) + "the answer was refused: " + std::string(what),
          .requestId = std::move(requestId)};
}

sdk::Failure refused(Subject const& subject, alicloud::RpcError const& error, Signed const& sent) {
  auto const verdict = verdictOn(error);
  return {
      .kind = verdict.kind,
      .code = error.code,
      .message = beginningOf(subject) + whatHappened(error, sent) + "; " + adviceFor(verdict, sent),
      .requestId = error.requestId};
}

}  // namespace kms_secretd::kms_instance_endpoint

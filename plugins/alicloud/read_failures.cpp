// SPDX-License-Identifier: Apache-2.0
#include "alicloud/read_failures.hpp"

#include <utility>

#include "alicloud/endpoint.hpp"
#include "alicloud/redaction.hpp"

namespace kms_secretd::alicloud {
namespace {

std::string whereFrom(std::string_view host) {
  if (isInstanceHost(host)) return std::string(whereInstancesAnswer);
  if (host.starts_with("kms-vpc.")) {
    return "; a kms-vpc endpoint answers only inside the VPCs of its region, elsewhere set "
           "endpoint to kms.<region>.aliyuncs.com";
  }
  return {};
}

}  // namespace

std::string beginningOf(ReadSubject const& subject) {
  return "cannot read secret \"" + presentable(subject.secretName, {}) + "\" from " +
         std::string(subject.host) + ": ";
}

sdk::Failure unsendable(ReadSubject const& subject, sdk::FailureKind kind, std::string_view what) {
  return {.kind = kind, .message = beginningOf(subject) + std::string(what)};
}

sdk::Failure unreachable(ReadSubject const& subject, sdk::Failure const& transport) {
  auto failure = transport;
  failure.message = beginningOf(subject) + transport.message;
  if (transport.kind == sdk::FailureKind::unavailable ||
      transport.kind == sdk::FailureKind::timed_out) {
    failure.message += whereFrom(subject.host);
  }
  return failure;
}

sdk::Failure brokenAnswer(ReadSubject const& subject, std::string_view what,
                          std::string requestId) {
  return {.kind = sdk::FailureKind::invalid_response,
          .message = beginningOf(subject) + "the answer was refused: " + std::string(what),
          .requestId = std::move(requestId)};
}

}  // namespace kms_secretd::alicloud

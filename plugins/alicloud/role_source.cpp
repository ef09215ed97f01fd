// SPDX-License-Identifier: Apache-2.0
#include "alicloud/role_source.hpp"

#include <utility>

#include "alicloud/rpc_error.hpp"

namespace kms_secretd::alicloud {
namespace {

// The codes for which the table of KMS errors sees help in fresh credentials.
bool refusesTheCaller(sdk::Failure const& failure) {
  if (failure.code.empty()) return false;
  return classify({.status = 400, .code = failure.code}).repeat == Repeat::fresh_credentials;
}

sdk::Failure about(std::string const& roleArn, sdk::Failure failure) {
  failure.message = "cannot become " + roleArn + ": " + failure.message;
  return failure;
}

}  // namespace

sdk::Result<CredentialPtr> RoleSource::issue(CredentialRequest const& request) {
  // What was refused is the session, not the base.
  CredentialRequest inner{.deadline = request.deadline, .cancellation = request.cancellation};
  auto caller = base_->get(inner);
  if (!caller) return about(session_.roleArn, std::move(caller.failure()));
  auto issued = sts_->assumeRole(session_, *caller.value(), inner);
  if (issued || !refusesTheCaller(issued.failure())) {
    return issued ? std::move(issued) : about(session_.roleArn, std::move(issued.failure()));
  }
  inner.refused = caller.value();
  auto newer = base_->get(inner);
  if (!newer || newer.value() == caller.value()) {
    return about(session_.roleArn, std::move(newer ? issued.failure() : newer.failure()));
  }
  issued = sts_->assumeRole(session_, *newer.value(), inner);
  return issued ? std::move(issued) : about(session_.roleArn, std::move(issued.failure()));
}

}  // namespace kms_secretd::alicloud

// SPDX-License-Identifier: Apache-2.0
#include "alicloud/oidc_source.hpp"

#include <utility>

#include "alicloud/sts_failure.hpp"

namespace kms_secretd::alicloud {
namespace {

bool refusesTheToken(sdk::Failure const& failure) {
  return classifySts({.status = 401, .code = failure.code}).repeat == Repeat::fresh_credentials &&
         failure.code.starts_with("AuthenticationFail.OIDCToken");
}

sdk::Failure about(std::string const& roleArn, sdk::Failure failure) {
  failure.message = "cannot become " + roleArn + ": " + failure.message;
  return failure;
}

}  // namespace

sdk::Result<CredentialPtr> OidcSource::issue(CredentialRequest const& request) {
  CredentialRequest const inner{.deadline = request.deadline, .cancellation = request.cancellation};
  auto token = token_->read(inner);
  if (!token) return about(session_.roleArn, std::move(token.failure()));
  auto issued = sts_->assumeRoleWithOidc(session_, providerArn_, token.value(), inner);
  if (issued) return issued;
  if (refusesTheToken(issued.failure())) {
    auto const again = token_->read(inner);
    if (again && !(again.value() == token.value())) {
      issued = sts_->assumeRoleWithOidc(session_, providerArn_, again.value(), inner);
    }
  }
  if (issued) return issued;
  return about(session_.roleArn, std::move(issued.failure()));
}

}  // namespace kms_secretd::alicloud

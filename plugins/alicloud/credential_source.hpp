// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "alicloud/credential_provider.hpp"

namespace kms_secretd::alicloud {

/// Where credentials that end are issued: STS, the metadata service, a credentials URI. Knows
/// nothing of freshness; RefreshingProvider calls issue() from one thread at a time.
class CredentialSource {
 public:
  virtual ~CredentialSource() = default;
  /// Asks for a credential and answers one whose life() is known. Returns by `deadline`. May throw;
  /// failures are of the kinds that CredentialProvider::get() allows. The message names the step
  /// and the remedy.
  virtual sdk::Result<CredentialPtr> issue(CredentialRequest const& request) = 0;
};

}  // namespace kms_secretd::alicloud

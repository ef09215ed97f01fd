// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <kms-secretd/cancellation.hpp>
#include <kms-secretd/clock.hpp>
#include <kms-secretd/failure.hpp>

#include "alicloud/credential.hpp"

namespace kms_secretd::alicloud {

/// How a caller wants its credential.
struct CredentialRequest {
  sdk::BootTime deadline{};
  sdk::Cancellation const* cancellation = nullptr;  ///< optional, outlives the call
  /// A credential that the service has just refused, or null. The provider looks for a newer one
  /// whatever its own schedule says, and answers the same object again if there is none.
  CredentialPtr refused{};
};

/// Where a store's credential comes from. One object per store and one class per way of proving who
/// we are; there is no implicit chain, so a store never acts as somebody else (B19).
class CredentialProvider {
 public:
  virtual ~CredentialProvider() = default;
  /// The credential to sign with now. Called from several threads at once; never throws, never
  /// loops. Every failure is of kind unauthenticated, unavailable, throttled, timed_out or
  /// internal: a credential that does not exist must never look like a secret that does not exist.
  virtual sdk::Result<CredentialPtr> get(CredentialRequest const& request) noexcept = 0;
  /// Reads its sources on this host ahead of any get(), if it has some, and tells the admin what
  /// there is to tell. Asks no service. True if the credential is another than at the last look.
  virtual bool lookAhead() noexcept { return false; }
};

}  // namespace kms_secretd::alicloud

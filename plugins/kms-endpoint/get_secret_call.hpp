// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include <kms-secretd/backend.hpp>
#include <kms-secretd/clock.hpp>
#include <kms-secretd/transport.hpp>

#include "alicloud/clock_offset.hpp"
#include "alicloud/credential_provider.hpp"
#include "alicloud/rpc_error.hpp"
#include "kms-endpoint/failures.hpp"
#include "kms-endpoint/settings.hpp"

namespace kms_secretd::kms_endpoint {

/// What every call of one backend works with; all outlive the call.
struct CallTools {
  Settings const& settings;
  sdk::Clock const& clock;
  std::string const& userAgent;
  alicloud::CredentialProvider& credentials;
  sdk::Transport& transport;
  alicloud::ClockOffset& clockOffset;
  bool dryRun = false;  ///< only ask whether the secret may be read; the answer holds no value
};

/// One fetch(): signs, sends and reads, and repeats at most once for each of fresh credentials, a
/// corrected clock and a fresh nonce, so that it sends four requests at the very most. Lives on the
/// stack of the thread that fetches.
class GetSecretCall {
 public:
  GetSecretCall(CallTools const& tools, sdk::FetchRequest const& request);
  /// Does it. Throws only what the standard library throws (memory, random generator).
  [[nodiscard]] sdk::Result<sdk::FetchedSecret> run();

 private:
  struct Attempt {
    sdk::Result<sdk::FetchedSecret> outcome;
    alicloud::Repeat repeat = alicloud::Repeat::none;
    std::string serverDate{};
    sdk::WallTime signedDate{};
  };

  sdk::Result<alicloud::CredentialPtr> credential(alicloud::CredentialPtr refused);
  Attempt attempt();
  Attempt judge(sdk::HttpResponse const& response, alicloud::SignedRequest const& sent);
  Attempt refusal(sdk::HttpResponse const& response, alicloud::SignedRequest const& sent);
  sdk::Result<sdk::FetchedSecret> accept(sdk::HttpResponse const& response);
  bool mend(Attempt& refused);
  bool renewCredential(sdk::Failure& failure);
  [[nodiscard]] sdk::HttpRequest requestOf(alicloud::SignedRequest const& call) const;
  [[nodiscard]] Subject subject() const noexcept;

  CallTools tools_;
  sdk::FetchRequest const& request_;
  alicloud::CredentialPtr credential_{};
  bool mayRenewCredential_ = true;
  bool mayCorrectClock_ = true;
  bool mayChangeNonce_ = true;
};

}  // namespace kms_secretd::kms_endpoint

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

#include <kms-secretd/backend.hpp>
#include <kms-secretd/clock.hpp>
#include <kms-secretd/transport.hpp>

#include "alicloud/clock_offset.hpp"
#include "alicloud/rpc_error.hpp"
#include "kms-instance-endpoint/client_key_provider.hpp"
#include "kms-instance-endpoint/failures.hpp"
#include "kms-instance-endpoint/settings.hpp"
#include "kms-instance-endpoint/transports.hpp"

namespace kms_secretd::kms_instance_endpoint {

/// What every call of one backend works with; all outlive the call.
struct CallTools {
  Settings const& settings;
  sdk::Clock const& clock;
  std::string const& userAgent;
  ClientKeyProvider& keys;
  Transports& transports;
  alicloud::ClockOffset& clockOffset;
};

/// One fetch(): signs, sends and reads, and repeats at most once for each of a newer client key, a
/// corrected clock and a digest that did not arrive well, so that it sends four requests at the
/// very most. Lives on the stack of the thread that fetches.
class GetSecretCall {
 public:
  GetSecretCall(CallTools const& tools, sdk::FetchRequest const& request);
  /// Does it. Throws only what the standard library and OpenSSL's wrappers throw.
  [[nodiscard]] sdk::Result<sdk::FetchedSecret> run();

 private:
  struct Attempt {
    sdk::Result<sdk::FetchedSecret> outcome;
    alicloud::Repeat repeat = alicloud::Repeat::none;
    std::string serverDate{};
    sdk::WallTime signedDate{};
  };

  Attempt attempt();
  Attempt judge(sdk::HttpResponse const& response, Signed const& sent);
  Attempt refusal(sdk::HttpResponse const& response, Signed const& sent);
  sdk::Result<sdk::FetchedSecret> accept(sdk::HttpResponse const& response);
  bool mend(Attempt& refused);
  bool renewKey(sdk::Failure& failure);
  [[nodiscard]] sdk::HttpRequest requestOf(SignedCall const& call) const;
  [[nodiscard]] Subject subject() const noexcept;

  CallTools tools_;
  sdk::FetchRequest const& request_;
  std::string body_{};
  ClientKeyPtr key_{};
  bool mayRenewKey_ = true;
  bool mayCorrectClock_ = true;
  bool mayResend_ = true;
};

}  // namespace kms_secretd::kms_instance_endpoint

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include <kms-secretd/backend.hpp>
#include <kms-secretd/clock.hpp>
#include <kms-secretd/transport.hpp>

#include "alicloud/clock_offset.hpp"
#include "alicloud/kms_reply.hpp"
#include "alicloud/read_failures.hpp"
#include "alicloud/rpc_error.hpp"

namespace kms_secretd::alicloud {

/// A request that is signed, on its way to a peer.
struct SignedRead {
  sdk::HttpRequest request{};           ///< what the protocol says of it; SecretRead adds the rest
  sdk::Transport* transport = nullptr;  ///< valid until the protocol signs again
};

/// What a service's refusal means.
struct Refusal {
  sdk::Failure failure{};
  Repeat repeat = Repeat::none;
  bool granted = false;  ///< it says that the call would have succeeded (a dry run)
};

/// How one read of a secret is said to KMS: what the OpenAPI and the protocol of client keys do
/// each in its own way. One object for one read, on the stack of the thread that fetches.
class SecretProtocol {
 public:
  virtual ~SecretProtocol() = default;
  /// Gets what to sign with: for the first time, or anew because it was refused. False if there is
  /// nothing newer.
  virtual sdk::Result<bool> login(bool anew) = 0;
  /// What login() gets, in words: "credential".
  [[nodiscard]] virtual char const* loginName() const noexcept = 0;
  /// The request as sent at `date`; each has a nonce of its own. A failure is not yet a sentence:
  /// its message is put behind the subject.
  virtual sdk::Result<SignedRead> sign(sdk::WallTime date) = 0;
  /// Reads the body of a success. The failure's message is a fragment, as of parseSecretValue().
  virtual sdk::Result<SecretValueReply> accept(sdk::HttpResponse const& response) = 0;
  /// Judges an answer with a status of 400 or more to what was signed last.
  virtual Refusal refuse(sdk::HttpResponse const& response) = 0;
};

/// What every read of one backend works with; all outlive the read.
struct ReadTools {
  std::string_view host;  ///< of the endpoint, for messages
  sdk::Milliseconds requestTimeout{};
  sdk::Clock const& clock;
  std::string const& userAgent;
  ClockOffset& clockOffset;
};

/// One fetch(): signs, sends and reads, and repeats at most once for each of a fresh login, a
/// corrected clock and a fresh nonce, so that it sends four requests at the very most. Lives on the
/// stack of the thread that fetches.
class SecretRead {
 public:
  SecretRead(ReadTools const& tools, sdk::FetchRequest const& request, SecretProtocol& protocol)
      : tools_(tools), request_(request), protocol_(protocol) {}
  /// Does it. Throws only what the standard library and the protocol throw.
  [[nodiscard]] sdk::Result<sdk::FetchedSecret> run();
  /// The Date field of the last answer; empty if there was none.
  [[nodiscard]] std::string const& serverDate() const noexcept { return serverDate_; }

 private:
  struct Attempt {
    sdk::Result<sdk::FetchedSecret> outcome;
    Repeat repeat = Repeat::none;
    sdk::WallTime signedDate{};
  };

  Attempt attempt();
  Attempt judge(sdk::HttpResponse const& response);
  Attempt refusal(sdk::HttpResponse const& response);
  sdk::Result<sdk::FetchedSecret> accept(sdk::HttpResponse const& response);
  bool mend(Attempt& refused);
  bool renewLogin(sdk::Failure& failure);
  void complete(sdk::HttpRequest& request) const;
  [[nodiscard]] ReadSubject subject() const noexcept;

  ReadTools tools_;
  sdk::FetchRequest const& request_;
  SecretProtocol& protocol_;
  std::string serverDate_{};
  bool mayRenewLogin_ = true;
  bool mayCorrectClock_ = true;
  bool mayChangeNonce_ = true;
};

}  // namespace kms_secretd::alicloud

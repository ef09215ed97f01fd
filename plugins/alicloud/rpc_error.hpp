// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include <kms-secretd/clock.hpp>
#include <kms-secretd/failure.hpp>
#include <kms-secretd/transport.hpp>

namespace kms_secretd::alicloud {

/// The reply headers that errors are read from; ask for them in HttpRequest::wantedHeaders.
inline constexpr char const* errorHeaders[] = {"x-acs-request-id", "x-ratelimit-user-api",
                                               "x-ratelimit-user"};

/// A refusal of the service or of the gateway in front of it.
struct RpcError {
  int status = 0;
  std::string code{};       ///< e.g. "Forbidden.NoPermission"; empty if the body held none
  std::string message{};    ///< as received: pass it through presentable() before showing it
  std::string requestId{};  ///< may be empty
};

/// Reads a reply whose status is no success: JSON of KMS or of the gateway (members in either
/// case), XML, and, from an old instance image, its protobuf. Of any other body (HTML of a load
/// balancer) only the status counts. Never throws but std::bad_alloc.
[[nodiscard]] RpcError parseRpcError(sdk::HttpResponse const& response);

/// An immediate repeat that may mend a refusal. The backend allows each at most once in one call.
enum class Repeat { none, fresh_credentials, corrected_clock, fresh_nonce };

/// What a refusal means.
struct Verdict {
  sdk::FailureKind kind = sdk::FailureKind::internal;
  Repeat repeat = Repeat::none;
  std::string_view advice{};  ///< what to do, as the end of a sentence; static lifetime
};

/// Classifies by code, and by status only where the code is unknown: throttling comes with several
/// statuses (B15). Never answers not_found for a code that is not known to mean it, because
/// not_found may remove a key from a Secret.
[[nodiscard]] Verdict classify(RpcError const& error);

/// How long the service asks to wait: the longest TimeLeft of x-ratelimit-user-api and
/// x-ratelimit-user (milliseconds) or Retry-After (seconds); 0 if it did not say, at most an hour.
[[nodiscard]] sdk::Milliseconds retryAfterOf(sdk::HttpResponse const& response) noexcept;

}  // namespace kms_secretd::alicloud

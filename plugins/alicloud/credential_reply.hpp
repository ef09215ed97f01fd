// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include <boost/json/object.hpp>
#include <kms-secretd/clock.hpp>
#include <kms-secretd/failure.hpp>

#include "alicloud/credential.hpp"

namespace kms_secretd::alicloud {

/// When a reply came: now on the boot clock of this host, and what time it is for the issuer.
struct IssueMoment {
  sdk::BootTime boot{};
  sdk::WallTime issuer{};
};

/// The moment of a reply that came now. The issuer's time is the reply's Date field; where that is
/// unreadable, the host's UTC has to do.
[[nodiscard]] IssueMoment momentOf(sdk::Clock const& clock, std::string_view dateField) noexcept;

/// Reads AccessKeyId, AccessKeySecret, SecurityToken and Expiration, all of them required (KMS
/// protocol 4.2, 4.3, 4.6). What has ended already is refused, and no life over 12 hours is
/// believed. Failures are unauthenticated; the message is a fragment such as "its SecurityToken is
/// missing" and never holds a byte of the reply.
[[nodiscard]] sdk::Result<CredentialPtr> parseIssued(boost::json::object const& reply,
                                                     IssueMoment const& moment);

/// parseIssued() of a whole body, whose Code, if there is one, must say Success.
[[nodiscard]] sdk::Result<CredentialPtr> parseIssuedBody(std::string_view body,
                                                         IssueMoment const& moment);

/// Why a text cannot be an id, a secret or a token (empty, over 16 KiB, space, not ASCII), as a
/// fragment without its content; null if it can.
[[nodiscard]] char const* faultOfPart(std::string_view text) noexcept;

}  // namespace kms_secretd::alicloud

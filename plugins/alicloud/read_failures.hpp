// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include <kms-secretd/failure.hpp>

// The sentences that an admin reads where a secret cannot be read, whatever the protocol. None
// holds a value, a key, a password, a token or a signature.

namespace kms_secretd::alicloud {

/// What a failure is about.
struct ReadSubject {
  std::string_view secretName{};
  std::string_view host{};  ///< of the endpoint
};

/// How every sentence begins: which secret cannot be read from where.
[[nodiscard]] std::string beginningOf(ReadSubject const& subject);

/// The request never left: a bad name or no credential. `what` is a sentence with its remedy.
[[nodiscard]] sdk::Failure unsendable(ReadSubject const& subject, sdk::FailureKind kind,
                                      std::string_view what);

/// The transport failed; kind and text are its own. Says where endpoints can be reached from.
[[nodiscard]] sdk::Failure unreachable(ReadSubject const& subject, sdk::Failure const& transport);

/// An answer that breaks the protocol: invalid_response. `what` is a fragment such as "its
/// VersionId is missing".
[[nodiscard]] sdk::Failure brokenAnswer(ReadSubject const& subject, std::string_view what,
                                        std::string requestId);

}  // namespace kms_secretd::alicloud

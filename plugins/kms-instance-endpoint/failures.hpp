// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include <kms-secretd/clock.hpp>
#include <kms-secretd/failure.hpp>

#include "alicloud/rpc_error.hpp"
#include "kms-instance-endpoint/client_key.hpp"
#include "kms-instance-endpoint/signing.hpp"

// The sentences that an admin reads. None holds a value, a key, a password or a signature.

namespace kms_secretd::kms_instance_endpoint {

/// What a failure is about.
struct Subject {
  std::string_view secretName{};
  std::string_view host{};  ///< of the endpoint
};

/// The request never left: a bad name or no client key. `what` is a sentence with its remedy.
[[nodiscard]] sdk::Failure unsendable(Subject const& subject, sdk::FailureKind kind,
                                      std::string_view what);

/// The transport failed; kind and text are its own. Says where instances can be reached from.
[[nodiscard]] sdk::Failure unreachable(Subject const& subject, sdk::Failure const& transport);

/// An answer that breaks the protocol: invalid_response. `what` is a fragment such as "its
/// VersionId is missing".
[[nodiscard]] sdk::Failure brokenAnswer(Subject const& subject, std::string_view what,
                                        std::string requestId);

/// What a refused request was signed with.
struct Signed {
  SignedCall const& call;
  ClientKey const& key;
  sdk::WallTime date{};  ///< as it was signed: tells whether the key had ended
};

/// A refusal by the instance as a failure: its code, its text made presentable, and what to do.
[[nodiscard]] sdk::Failure refused(Subject const& subject, alicloud::RpcError const& error,
                                   Signed const& sent);

}  // namespace kms_secretd::kms_instance_endpoint

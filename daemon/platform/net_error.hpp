// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <stdexcept>
#include <string>

#include <kms-secretd/failure.hpp>

#include "platform/wait.hpp"

namespace kms_secretd::platform {

/// Why an exchange ended early. Stays inside the platform room: becomes a Failure at its edge.
class NetError : public std::runtime_error {
 public:
  /// `message` says what happened and what to do; the peer's name is put before it at the edge.
  NetError(sdk::FailureKind kind, std::string const& message)
      : std::runtime_error(message), kind_(kind) {}

  [[nodiscard]] sdk::FailureKind kind() const noexcept { return kind_; }

 private:
  sdk::FailureKind kind_;
};

/// The connection is gone, as opposed to late, refused or cancelled: on a kept connection it may
/// only mean that the peer closed it meanwhile.
class ConnectionLost final : public NetError {
 public:
  explicit ConnectionLost(std::string const& message)
      : NetError(sdk::FailureKind::unavailable, message) {}
};

/// The call was cancelled.
class CallCancelled final : public NetError {
 public:
  explicit CallCancelled(std::string const& doing)
      : NetError(sdk::FailureKind::internal,
                 "cancelled while " + doing + ": the daemon stops or reloads") {}
};

/// Waits as waitFor(); throws NetError where the wait did not end with `fd` ready. `doing` ends the
/// sentence "timed out while ...".
void await(int fd, short events, WaitScope const& scope, char const* doing);

/// Throws NetError as await() where there is no time left or a cancellation is requested.
void expectTime(WaitScope const& scope, char const* doing);

/// What errno and OpenSSL's queue of this thread tell of the step that just failed, in words
/// without codes; empties the queue.
[[nodiscard]] std::string takeReason();

/// What to do about `reason` (TLS alerts and the like); may be empty, else starts with "; ".
[[nodiscard]] std::string tlsHint(std::string const& reason);

/// What a failed connect(2) means and what to do.
[[nodiscard]] std::string connectProblem(int error);

}  // namespace kms_secretd::platform

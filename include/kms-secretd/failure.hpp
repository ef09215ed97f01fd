// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cassert>
#include <chrono>
#include <cstdint>
#include <string>
#include <utility>
#include <variant>

namespace kms_secretd::sdk {

/// Why a secret could not be had now. The set is closed: the scheduler's waits hang on it.
enum class FailureKind : std::uint8_t {
  not_found,          ///< the secret, version or stage does not exist
  permission_denied,  ///< known to the service, not allowed
  unauthenticated,    ///< the credentials were missing, refused or expired
  throttled,          ///< the service asks for fewer calls
  unavailable,        ///< no connection, 5xx, reset
  timed_out,          ///< the deadline passed
  invalid_request,    ///< this request can never succeed as it is
  invalid_response,   ///< the answer broke the protocol
  internal,           ///< a bug or an exhausted resource on this side
};

/// The stable name of a kind as logs, metrics and the status show it; never null.
[[nodiscard]] constexpr char const* nameOf(FailureKind kind) noexcept {
  switch (kind) {
    case FailureKind::not_found:
      return "not_found";
    case FailureKind::permission_denied:
      return "permission_denied";
    case FailureKind::unauthenticated:
      return "unauthenticated";
    case FailureKind::throttled:
      return "throttled";
    case FailureKind::unavailable:
      return "unavailable";
    case FailureKind::timed_out:
      return "timed_out";
    case FailureKind::invalid_request:
      return "invalid_request";
    case FailureKind::invalid_response:
      return "invalid_response";
    case FailureKind::internal:
      return "internal";
  }
  return "internal";
}

/// One failure as a value. Carries no secret: never put a value, key, token or signature in it.
struct Failure {
  FailureKind kind = FailureKind::internal;
  std::string code{};  ///< the service's own code, e.g. "Forbidden.ResourceNotFound"; may be empty
  std::string message{};                    ///< one sentence: what happened and what to do
  std::string requestId{};                  ///< the service's id of the call; may be empty
  std::chrono::milliseconds retryAfter{0};  ///< the service's own wish; 0 = none
};

/// A value or a Failure. Crosses the plugin boundary, so it has no vtable and throws nothing
/// itself.
template <class T>
class [[nodiscard]] Result {
 public:
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}            // NOLINT
  Result(Failure failure) : state_(std::in_place_index<1>, std::move(failure)) {}  // NOLINT

  /// True if there is a value.
  [[nodiscard]] bool ok() const noexcept { return state_.index() == 0; }
  explicit operator bool() const noexcept { return ok(); }

  /// The value; a bug (assert) if there is none.
  [[nodiscard]] T& value() & noexcept {
    assert(ok());
    return *std::get_if<0>(&state_);
  }
  [[nodiscard]] T const& value() const& noexcept {
    assert(ok());
    return *std::get_if<0>(&state_);
  }
  [[nodiscard]] T&& value() && noexcept {
    assert(ok());
    return std::move(*std::get_if<0>(&state_));
  }
  /// The failure; a bug (assert) if there is none.
  [[nodiscard]] Failure& failure() noexcept {
    assert(!ok());
    return *std::get_if<1>(&state_);
  }
  [[nodiscard]] Failure const& failure() const noexcept {
    assert(!ok());
    return *std::get_if<1>(&state_);
  }

 private:
  std::variant<T, Failure> state_;
};

}  // namespace kms_secretd::sdk

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include <kms-secretd/clock.hpp>

namespace kms_secretd::core {

/// Why the API server did not do it. The set is closed: the scheduler's waits hang on it (rules 5).
enum class KubeFailureKind : std::uint8_t {
  changed,           ///< 409 without causes, or 422 on metadata.uid: observe again
  contested,         ///< 409 with causes FieldManagerConflict
  foreign,           ///< a create that met an object which is not ours (200 instead of 201)
  type_differs,      ///< 422 on `type` or "immutable"
  invalid,           ///< any other 4xx that will not change by itself
  forbidden,         ///< 403 (RBAC, admission)
  namespace_absent,  ///< 404 on namespaces, or 403 with cause NamespaceTerminating
  unauthenticated,   ///< 401, or no usable login
  throttled,         ///< 429
  unavailable,       ///< network, TLS, 5xx
  timed_out,         ///< the deadline passed
  invalid_response,  ///< not what an API server answers
  server_too_old,    ///< a Kubernetes that is not written to; nothing was sent
  cancelled,         ///< the daemon stops
};

/// The stable name of a kind; never null.
[[nodiscard]] char const* nameOf(KubeFailureKind kind) noexcept;

/// One cause of a conflict: who holds what.
struct Conflict {
  std::string manager{};
  std::string field{};  ///< e.g. ".data.password"
};

/// One failed request as a value; never carries a value of a Secret.
struct KubeFailure {
  KubeFailureKind kind = KubeFailureKind::invalid_response;
  int status = 0;         ///< HTTP status, 0 = none
  std::string message{};  ///< one sentence: what happened
  std::string remedy{};   ///< what to do
  std::vector<Conflict> conflicts{};
  sdk::Milliseconds retryAfter{0};  ///< 0 = none
  bool createUnsettled = false;     ///< what a create sent may have been carried out
};

/// A value or a KubeFailure.
template <class T>
using KubeResult = std::variant<T, KubeFailure>;

}  // namespace kms_secretd::core

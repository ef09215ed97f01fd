// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace kms_secretd::sdk {

/// Tells a running call that its result is no longer wanted (the daemon stops or reloads).
/// Any thread may ask; once requested it stays requested.
class Cancellation {
 public:
  virtual ~Cancellation() = default;
  /// True once the caller wants the call to end.
  [[nodiscard]] virtual bool requested() const noexcept = 0;
  /// A descriptor that becomes and stays readable on request, for poll(); -1 if there is none.
  /// Never read from it and never close it.
  [[nodiscard]] virtual int wakeFd() const noexcept = 0;
};

}  // namespace kms_secretd::sdk

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "stage.hpp"

#include <CppUTest/TestHarness.h>

namespace kms_secretd::tests {

inline apply::Applied const& done(core::KubeResult<apply::Applied> const& result) {
  auto const* failure = std::get_if<core::KubeFailure>(&result);
  if (failure != nullptr) FAIL(failure->message.c_str());
  return std::get<apply::Applied>(result);
}

inline core::KubeFailure const& failed(core::KubeResult<apply::Applied> const& result) {
  if (!std::holds_alternative<core::KubeFailure>(result)) FAIL("it was done");
  return std::get<core::KubeFailure>(result);
}

inline void checkKind(core::OutcomeKind expected, core::KubeResult<apply::Applied> const& result) {
  STRCMP_EQUAL(core::nameOf(expected), core::nameOf(done(result).kind));
}

inline void checkKind(core::KubeFailureKind expected,
                      core::KubeResult<apply::Applied> const& result) {
  STRCMP_EQUAL(core::nameOf(expected), core::nameOf(failed(result).kind));
}

}  // namespace kms_secretd::tests

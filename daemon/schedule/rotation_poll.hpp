// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include <kms-secretd/clock.hpp>

namespace kms_secretd::schedule {

/// How long to wait from now until the extra poll for a rotation that is planned `untilRotation`
/// from now (rules 4): two to seven seconds behind it, spread by `key` so that the secrets of one
/// rotation policy do not come all at once. A rotation that should have happened (negative) is
/// looked for after as long again as it is late, at least five seconds: soon while it may be under
/// way, seldom once it is late. The caller takes whichever comes first, this or the interval.
[[nodiscard]] sdk::Milliseconds rotationWait(sdk::Milliseconds untilRotation,
                                             std::string_view key) noexcept;

}  // namespace kms_secretd::schedule

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <kms-secretd/clock.hpp>

// When a credential is renewed: pure functions of times (KMS protocol, refresh conventions).

namespace kms_secretd::alicloud {

/// How long before its end a credential of this lifetime is renewed: a fifth, at most 10 minutes.
[[nodiscard]] sdk::Milliseconds refreshWindow(sdk::Milliseconds lifetime) noexcept;

/// When to renew. `jitter` (0 to 1) moves that up to half a window ahead, so that hosts which were
/// started together do not ask together.
[[nodiscard]] sdk::BootTime refreshTime(sdk::BootTime obtained, sdk::BootTime goodUntil,
                                        double jitter) noexcept;

/// How long to leave the issuer alone after a renewal that brought nothing, while the old
/// credential is still good: a tenth of the window, between 1 s and 1 min.
[[nodiscard]] sdk::Milliseconds pauseBetweenRenewals(sdk::Milliseconds lifetime) noexcept;

/// How long a failure is answered again where there is no good credential.
inline constexpr sdk::Milliseconds pauseAfterFailure{2000};
/// A credential that was refused is replaced at once, the next one not before this has passed.
inline constexpr sdk::Milliseconds pauseAfterForced{5000};
/// The longest life that is believed; no role session lasts longer (STS, MaxSessionDuration).
inline constexpr sdk::Milliseconds longestLife{43'200'000};

}  // namespace kms_secretd::alicloud

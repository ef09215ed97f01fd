// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "apply/kube_api.hpp"
#include "core/observed.hpp"

namespace kms_secretd::apply {

/// True if a manager other than our Apply entry holds something that `request` declares: it would
/// meet the next rotation with a 409 and keep dropped keys for ever.
[[nodiscard]] bool othersHold(core::Observed const& object, ApplyRequest const& request);

/// Those of `keys` that any manager holds in `object`.
[[nodiscard]] std::vector<std::string> stillHeld(core::Observed const& object,
                                                 std::vector<std::string> const& keys);

/// Those of `keys` that an apply without them will not remove from `object`: others hold them too,
/// or nobody does (then they may be there all the same).
[[nodiscard]] std::vector<std::string> notOursAlone(core::Observed const& object,
                                                    std::vector<std::string> const& keys,
                                                    std::string const& fieldManager);

/// True if `object` may have data keys that no manager holds, so that an apply could change them
/// without a conflict. An object that nobody manages at all is safe: the server then takes its
/// whole content as held by "before-first-apply".
[[nodiscard]] bool mayHoldUntracked(core::Observed const& object);

/// The names of the managers other than ours, comma-separated; "unknown" if there is none.
[[nodiscard]] std::string namesOfOthers(core::Observed const& object,
                                        std::string const& fieldManager);

}  // namespace kms_secretd::apply

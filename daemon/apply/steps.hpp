// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "apply/perform.hpp"

/// The requests of the write table, one function a row. Only perform.cpp calls them.
namespace kms_secretd::apply {

/// Where a step works: the plan, the server and the bounds of the call.
struct Stage {
  Performance const& performance;
  KubeApi& api;
  KubeCall const& call;
};

/// The result of a step that left `object` behind.
[[nodiscard]] Applied appliedAs(core::OutcomeKind kind, Performance const& performance,
                                core::Observed object);

/// create: an apply without force and preconditions. An object that somebody else made meanwhile
/// is left as it was: our claim is withdrawn at once.
[[nodiscard]] core::KubeResult<Applied> create(Stage const& stage);

/// withdraw: takes our claim back from an object of others that an earlier create met. Ends as a
/// failure of kind foreign where that is done.
[[nodiscard]] core::KubeResult<Applied> withdrawClaim(Stage const& stage);

/// update and heal: an apply with uid and resourceVersion, then the removal of dropped keys that
/// the apply could not remove; heal with force and release of what others hold.
[[nodiscard]] core::KubeResult<Applied> write(Stage const& stage);

/// adopt: as the policy says; afterwards our keys are ours alone.
[[nodiscard]] core::KubeResult<Applied> adopt(Stage const& stage);

/// recreate: validates the new object, deletes the old one and creates. From the delete on the stop
/// of the daemon does not interrupt: the deadline alone bounds it.
[[nodiscard]] core::KubeResult<Applied> recreate(Stage const& stage);

/// prune: removes the keys of others by one merge patch with uid and resourceVersion.
[[nodiscard]] core::KubeResult<Applied> prune(Stage const& stage);

/// How an object is overwritten.
struct Overwrite {
  bool force = false;
  bool release = false;  ///< afterwards take what we declare out of the others' entries
  core::OutcomeKind kind = core::OutcomeKind::updated;
};

/// The common part of write and adopt.
[[nodiscard]] core::KubeResult<Applied> overwrite(Stage const& stage, Overwrite const& how);

}  // namespace kms_secretd::apply

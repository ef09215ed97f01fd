// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>

#include <kms-secretd/cancellation.hpp>

#include "core/definition.hpp"
#include "core/names.hpp"
#include "core/plan.hpp"
#include "cycle/round.hpp"

namespace kms_secretd::cycle {

/// What would become of one key.
enum class KeyFate {
  added,
  changed,
  removed,
  kept,
  rewritten,  ///< written anew; whether it is equal cannot be told without reading it
};

/// The stable name of a fate; never null.
[[nodiscard]] char const* nameOf(KeyFate fate) noexcept;

/// What the next round would do with a target, by names only.
struct Foresight {
  core::TargetId target{};
  core::Action action = core::Action::refuse;
  core::PlanReason reason = core::PlanReason::in_sync;
  std::map<std::string, KeyFate> keys{};
  bool marksChange = false;  ///< labels or annotations would change
  std::string detail{};      ///< who holds what, which type: may be empty
  std::string trouble{};     ///< why nothing would be written; empty = it would, or needs not
  std::string remedy{};      ///< what to do about the trouble

  /// True if the round would write.
  [[nodiscard]] bool writes() const noexcept {
    return trouble.empty() && action != core::Action::leave;
  }
};

/// Goes the road of a round to its end without writing: reads the sources, renders, observes,
/// decides as a daemon that has just started, and has the API server compare by a dry-run apply.
/// Needs what a round needs of `stages`, whose `kube` is only asked to observe and for dry runs.
/// Takes as long as a round. No value is in the result. Any thread.
[[nodiscard]] Foresight foresee(core::TargetDefinition const& definition, Stages const& stages,
                                sdk::Cancellation const* cancellation);

}  // namespace kms_secretd::cycle

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "plan/decide.hpp"

namespace kms_secretd::plan {

/// Whose an existing Secret is (rules 1).
enum class Owner { ours, other_instance, nobody_of_us };

/// True if an earlier create of ours, whose end we do not know, left its claim on an object that
/// others made.
[[nodiscard]] bool claimUnsettled(PlanInput const& input);

/// Whose the observed Secret is. Ours: the uid that we know, our label or an Apply entry of our
/// field manager; a label of another instance outweighs them all. An unsettled claim makes nothing
/// ours.
[[nodiscard]] Owner ownerOf(PlanInput const& input);

/// What managedFields say of the things that we declare.
struct Holdings {
  bool lost = false;                   ///< our Apply entry lacks something that it had
  std::vector<std::string> coHeld{};   ///< "key by manager" that others hold and was ours before
  std::vector<std::string> strange{};  ///< "key by manager" that others hold and never was ours
};

/// Compares our Apply entry and the others' entries with what the definition declares.
[[nodiscard]] Holdings holdingsOf(PlanInput const& input);

/// Keys of the keys annotation and of our Apply entry that are not declared any more, sorted.
[[nodiscard]] std::vector<std::string> droppedKeys(PlanInput const& input);

/// How many of the keys that we declared so far are still declared.
[[nodiscard]] std::size_t keptKeys(PlanInput const& input);

/// Keys that others hold in the Secret and that never were ours, sorted.
[[nodiscard]] std::vector<std::string> foreignKeys(PlanInput const& input);

/// True if the observed definition annotation is the definition's hash.
[[nodiscard]] bool sameDefinition(PlanInput const& input);

/// The names of all field managers of the observed Secret but ours, comma-separated.
[[nodiscard]] std::string otherManagers(PlanInput const& input);

}  // namespace kms_secretd::plan

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

namespace kms_secretd::core {

/// What is to be done with a target (the write table, rules 2).
enum class Action {
  leave,     ///< nothing to do
  create,    ///< absent: apply without force
  update,    ///< ours and different: apply with uid and resourceVersion
  heal,      ///< ours and drifted: apply with force, only keys that this instance owned
  adopt,     ///< foreign, and the definition takes it over
  recreate,  ///< ours, but type or immutability differ and the definition allows it
  withdraw,  ///< foreign, and an earlier create of ours left its claim on it: take that back
  refuse,    ///< must not be written: foreign, terminating, namespace absent, contested
  prune,     ///< ours and as it should be, but others added keys that shall not stay
  hold,      ///< would drop too much at once: waits until somebody approves
};

/// The stable name of an action for logs and status; never null.
[[nodiscard]] char const* nameOf(Action action) noexcept;

/// Why this action. Each has one row in the table of docs/rules.md.
enum class PlanReason {
  in_sync,             ///< digest, definition and ownership are as they should be
  absent,              ///< no such object
  value_changed,       ///< the digest differs
  definition_changed,  ///< the definition hash differs
  not_seen_applied,    ///< exists as ours, but this process has not applied it yet
  ownership_lost,      ///< our managedFields entry lacks something that we declare
  recreated_by_other,  ///< another uid than the one we knew
  adopted,             ///< foreign, adopt policy set
  merged,              ///< creation policy merge
  type_differs,        ///< ours, other type
  foreign,             ///< exists and is not ours
  other_instance,      ///< labelled with another instance
  terminating,         ///< deletionTimestamp is set
  namespace_absent,    ///< the namespace is missing or terminating
  contested,           ///< drifted again; the next forced heal must wait (rules 3)
  not_permitted,       ///< a [[policy]] keeps a store from feeding it; nothing was read
  foreign_keys,        ///< others added keys, and the definition removes such
  keys_would_drop,     ///< more than half of the keys, or all, would be dropped
};

/// The stable name of a reason; never null.
[[nodiscard]] char const* nameOf(PlanReason reason) noexcept;

/// The decision of one round, under the precondition that it was made for.
struct Plan {
  Action action = Action::refuse;
  PlanReason reason = PlanReason::foreign;
  std::string uid{};                       ///< precondition; empty for create
  std::string resourceVersion{};           ///< precondition; empty for create
  std::vector<std::string> droppedKeys{};  ///< keys of /keys that are no longer declared, sorted
  std::vector<std::string> foreignKeys{};  ///< keys of others to remove, sorted; only for prune
  std::string approval{};                  ///< names the change that is held; only for hold
  bool claimCreated = false;               ///< declare app.kubernetes.io/managed-by (we created it)
  std::string detail{};                    ///< for the message: managers, types, instance
};

}  // namespace kms_secretd::core

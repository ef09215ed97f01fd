// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "core/definition.hpp"
#include "core/observed.hpp"
#include "core/record.hpp"
#include "plan/decide.hpp"

namespace kms_secretd::tests {

/// One target with all that a decision hangs on. It starts in sync: a Secret of two keys with a
/// label of the user's, applied by this process; a row of the table changes what it is about.
struct World {
  World();
  core::TargetDefinition definition;
  core::Observed observed;
  core::AppliedRecord record;
  core::Digest digest{};
  std::vector<std::string> keys{"password", "user"};
  std::string instance = "default";
  bool mayForce = true;
  std::string approved{};

  [[nodiscard]] core::Plan decide() const;
  /// The Apply entry of our field manager; must be there.
  core::ManagedEntry& ours();

  // What may have happened to it.
  void gone();       ///< nothing is there, and this process never applied it
  void foreign();    ///< made by kubectl, never ours
  void claimed();    ///< made by kubectl, and our create put its claim on it without knowing
  void restarted();  ///< a new process: nothing is remembered
  void rotated();    ///< another value was rendered
  void redefined();  ///< the definition has another hash than the one that was applied
  void declareToo(std::string const& key);  ///< the definition gets one more key
  void edited(std::string const& key);      ///< kubectl-edit took the key from us
  void coHeld(std::string const& key);      ///< argocd applied the same key with the same value
  void added(std::string const& key);       ///< kubectl added a key of its own
  void applied(std::vector<std::string> before);  ///< these were the keys of our last apply
  void stripped();                                ///< managedFields were emptied
  void restored();  ///< deleted and restored from a backup by another tool
  void merged();    ///< the definition only merges; kubectl made the Secret
};

/// One row of the write table: a situation and the decision.
struct Row {
  char const* when;
  core::Action action;
  core::PlanReason reason;
  void (*arrange)(World&);
};

/// Rows that belong together; those of a policy are shown on the page of policies, too.
struct RowGroup {
  char const* policy;  ///< e.g. "adopt"; empty = of no policy
  std::vector<Row> rows;
};

/// The rows of the policies that say what may be dropped, removed and made anew.
[[nodiscard]] std::vector<RowGroup> policyGroups();
/// Every group, in the order in which docs/rules.md shows their rows.
[[nodiscard]] std::vector<RowGroup> const& rowGroups();
/// Every row, in that order.
[[nodiscard]] std::vector<Row> const& rows();

}  // namespace kms_secretd::tests

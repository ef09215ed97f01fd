// SPDX-License-Identifier: Apache-2.0
// The write table: each row is proven by plan_test.cpp and printed into docs/rules.md.
#include <utility>

#include "core/marks.hpp"
#include "world.hpp"

namespace kms_secretd::tests {
namespace {

using core::Action;
using core::AdoptPolicy;
using core::PlanReason;
namespace marks = core::marks;

void addRowsOfOurs(std::vector<Row>& rows) {
  rows.insert(
      rows.end(),
      {
          {"nothing changed", Action::leave, PlanReason::in_sync, [](World&) {}},
          {"others wrote labels, annotations or keys of their own", Action::leave,
           PlanReason::in_sync,
           [](World& w) {
             w.observed.resourceVersion = "99";
             w.observed.labels["theirs"] = "x";
             w.observed.managed.push_back({"kubectl", false, {"extra"}, {"theirs"}, {"note"}});
           }},
          {"another manager declares a key of ours with the same value", Action::leave,
           PlanReason::in_sync, [](World& w) { w.coHeld("password"); }},
          {"app.kubernetes.io/managed-by was changed by others", Action::leave, PlanReason::in_sync,
           [](World& w) { w.observed.labels[marks::managedByLabel] = "Helm"; }},
          {"a value was rotated", Action::update, PlanReason::value_changed,
           [](World& w) { w.rotated(); }},
          {"the definition changed", Action::update, PlanReason::definition_changed,
           [](World& w) { w.redefined(); }},
          {"a key was dropped from the definition", Action::update, PlanReason::definition_changed,
           [](World& w) { w.keys = {"user"}; }},
          {"a key was added whose name another manager holds", Action::update,
           PlanReason::definition_changed,
           [](World& w) {
             w.declareToo("extra");
             w.observed.managed.push_back({"kubectl", false, {"extra"}, {}, {}});
           }},
          {"the daemon restarted", Action::update, PlanReason::not_seen_applied,
           [](World& w) { w.restarted(); }},
          {"a value was rotated that another manager declares too", Action::heal,
           PlanReason::value_changed,
           [](World& w) {
             w.rotated();
             w.coHeld("password");
           }},
          {"the same, and a heal must wait: the server says whether they still agree",
           Action::update, PlanReason::value_changed,
           [](World& w) {
             w.rotated();
             w.coHeld("password");
             w.mayForce = false;
           }},
      });
}

void addRowsOfDrift(std::vector<Row>& rows) {
  rows.insert(
      rows.end(),
      {
          {"a key of ours was edited by others", Action::heal, PlanReason::ownership_lost,
           [](World& w) { w.edited("password"); }},
          {"a key of ours was removed by others", Action::heal, PlanReason::ownership_lost,
           [](World& w) { std::erase(w.ours().dataKeys, "password"); }},
          {"our label was removed", Action::heal, PlanReason::ownership_lost,
           [](World& w) {
             w.observed.labels.erase(marks::instanceLabel);
             std::erase(w.ours().labels, marks::instanceLabel);
           }},
          {"a label of the definition was changed by others", Action::heal,
           PlanReason::ownership_lost,
           [](World& w) {
             std::erase(w.ours().labels, "app");
             w.observed.managed.push_back({"kubectl-label", false, {}, {"app"}, {}});
           }},
          {"an annotation of ours was removed", Action::heal, PlanReason::ownership_lost,
           [](World& w) { std::erase(w.ours().annotations, marks::sourcesAnnotation); }},
          {"managedFields were stripped", Action::heal, PlanReason::ownership_lost,
           [](World& w) { w.stripped(); }},
          {"a key was edited while the daemon was down", Action::heal, PlanReason::ownership_lost,
           [](World& w) {
             w.restarted();
             w.edited("password");
           }},
          {"a key was edited and its value rotated", Action::heal, PlanReason::ownership_lost,
           [](World& w) {
             w.rotated();
             w.edited("password");
           }},
          {"a key was edited, and a key that never was ours is held by others", Action::update,
           PlanReason::ownership_lost,
           [](World& w) {
             w.edited("password");
             w.declareToo("extra");
             w.observed.managed.push_back({"kubectl", false, {"extra"}, {}, {}});
           }},
          {"deleted by others and restored from a backup with our label", Action::heal,
           PlanReason::recreated_by_other, [](World& w) { w.restored(); }},
          {"a key was edited again before the next heal is due", Action::refuse,
           PlanReason::contested,
           [](World& w) {
             w.edited("password");
             w.mayForce = false;
           }},
      });
}

void addRowsOfAbsence(std::vector<Row>& rows) {
  rows.insert(rows.end(),
              {
                  {"the Secret does not exist", Action::create, PlanReason::absent,
                   [](World& w) { w.gone(); }},
                  {"the Secret was deleted by others", Action::create, PlanReason::absent,
                   [](World& w) { w.observed = {}; }},
                  {"the Secret is being deleted", Action::refuse, PlanReason::terminating,
                   [](World& w) { w.observed.terminating = true; }},
                  {"the namespace is missing or being deleted", Action::refuse,
                   PlanReason::namespace_absent,
                   [](World& w) {
                     w.gone();
                     w.observed.namespaceAbsent = true;
                   }},
                  {"the type differs", Action::refuse, PlanReason::type_differs,
                   [](World& w) { w.observed.type = "kubernetes.io/tls"; }},
              });
}

void addRowsOfForeign(std::vector<Row>& rows) {
  rows.insert(
      rows.end(),
      {
          {"made by others, adopt = \"never\"", Action::refuse, PlanReason::foreign,
           [](World& w) { w.foreign(); }},
          {"made by others, adopt = \"if-equal\"", Action::adopt, PlanReason::adopted,
           [](World& w) {
             w.foreign();
             w.definition.adopt = AdoptPolicy::if_equal;
           }},
          {"made by others, adopt = \"force\"", Action::adopt, PlanReason::adopted,
           [](World& w) {
             w.foreign();
             w.definition.adopt = AdoptPolicy::force;
           }},
          {"made by others with another type, adopt = \"force\", recreate = true", Action::refuse,
           PlanReason::type_differs,
           [](World& w) {
             w.foreign();
             w.observed.type = "kubernetes.io/tls";
             w.definition.adopt = AdoptPolicy::force;
             w.definition.recreate = true;
           }},
          {"adopted before, and made anew by others before the next heal is due", Action::refuse,
           PlanReason::contested,
           [](World& w) {
             w.foreign();
             w.definition.adopt = AdoptPolicy::force;
             w.record.uid = "uid-0";
             w.mayForce = false;
           }},
          {"a create of ours met it and had no answer, or could not take back what it added",
           Action::withdraw, PlanReason::foreign, [](World& w) { w.claimed(); }},
          {"the same, adopt = \"force\"", Action::adopt, PlanReason::adopted,
           [](World& w) {
             w.claimed();
             w.definition.adopt = AdoptPolicy::force;
           }},
          {"a create of ours had no answer and made the Secret", Action::update,
           PlanReason::not_seen_applied,
           [](World& w) {
             w.restarted();
             w.record.createUnsettled = true;
           }},
          {"deleted by others and made anew without our label", Action::refuse, PlanReason::foreign,
           [](World& w) {
             auto const record = w.record;
             w.foreign();
             w.record = record;
             w.observed.uid = "uid-2";
           }},
          {"labelled with another instance, whatever the adopt policy", Action::refuse,
           PlanReason::other_instance,
           [](World& w) {
             w.observed.labels[marks::instanceLabel] = "blue";
             w.definition.adopt = AdoptPolicy::force;
           }},
      });
}

void addRowsOfMerge(std::vector<Row>& rows) {
  rows.insert(
      rows.end(),
      {
          {"creation = \"merge\": our keys are in", Action::leave, PlanReason::in_sync,
           [](World& w) { w.merged(); }},
          {"creation = \"merge\": our keys are not in yet", Action::update, PlanReason::merged,
           [](World& w) {
             w.foreign();
             w.observed.managed[0].dataKeys = {"theirs"};
             w.definition.creation = core::CreationPolicy::merge;
           }},
          {"creation = \"merge\": a key of ours is held by others: the server's 409 names them",
           Action::update, PlanReason::merged,
           [](World& w) {
             w.foreign();
             w.definition.creation = core::CreationPolicy::merge;
           }},
          {"creation = \"merge\", adopt = \"force\": a key of ours is held by others",
           Action::adopt, PlanReason::merged,
           [](World& w) {
             w.foreign();
             w.definition.creation = core::CreationPolicy::merge;
             w.definition.adopt = AdoptPolicy::force;
           }},
          {"creation = \"merge\": a value was rotated", Action::update, PlanReason::merged,
           [](World& w) {
             w.merged();
             w.rotated();
           }},
          {"creation = \"merge\": a key was edited again before the next heal is due",
           Action::refuse, PlanReason::contested,
           [](World& w) {
             w.merged();
             w.edited("password");
             w.mayForce = false;
           }},
          {"creation = \"merge\": the Secret does not exist", Action::refuse, PlanReason::absent,
           [](World& w) {
             w.gone();
             w.definition.creation = core::CreationPolicy::merge;
           }},
          {"creation = \"merge\": the Secret belongs to another instance", Action::refuse,
           PlanReason::other_instance,
           [](World& w) {
             w.merged();
             w.observed.labels[marks::instanceLabel] = "blue";
           }},
      });
}

std::vector<RowGroup> allGroups() {
  std::vector<RowGroup> groups{{"", {}}, {"adopt", {}}, {"creation_policy = \"merge\"", {}}};
  addRowsOfOurs(groups[0].rows);
  addRowsOfDrift(groups[0].rows);
  addRowsOfAbsence(groups[0].rows);
  addRowsOfForeign(groups[1].rows);
  addRowsOfMerge(groups[2].rows);
  for (auto& group : policyGroups()) groups.push_back(std::move(group));
  return groups;
}

std::vector<Row> allRows() {
  std::vector<Row> rows;
  for (auto const& group : rowGroups()) {
    rows.insert(rows.end(), group.rows.begin(), group.rows.end());
  }
  return rows;
}

}  // namespace

std::vector<RowGroup> const& rowGroups() {
  static std::vector<RowGroup> const groups = allGroups();
  return groups;
}

std::vector<Row> const& rows() {
  static std::vector<Row> const rows = allRows();
  return rows;
}

}  // namespace kms_secretd::tests

// SPDX-License-Identifier: Apache-2.0
// The rows of the policies: proven by decide_test.cpp, printed into docs/rules.md and
// docs/ownership.md.
#include "world.hpp"

namespace kms_secretd::tests {
namespace {

using core::Action;
using core::PlanReason;

RowGroup foreignKeys() {
  return {
      "foreign_keys",
      {
          {"others added a key", Action::leave, PlanReason::in_sync,
           [](World& w) { w.added("extra"); }},
          {"others added a key, foreign_keys = \"remove\"", Action::prune, PlanReason::foreign_keys,
           [](World& w) {
             w.added("extra");
             w.definition.foreignKeys = core::ForeignKeys::remove;
           }},
          {"the same, and a value was rotated: that goes first", Action::update,
           PlanReason::value_changed,
           [](World& w) {
             w.added("extra");
             w.rotated();
             w.definition.foreignKeys = core::ForeignKeys::remove;
           }},
          {"others added a key again before the next heal is due, foreign_keys = \"remove\"",
           Action::refuse, PlanReason::contested,
           [](World& w) {
             w.added("extra");
             w.definition.foreignKeys = core::ForeignKeys::remove;
             w.mayForce = false;
           }},
          {"others declare a key of ours with the same value, foreign_keys = \"remove\"",
           Action::leave, PlanReason::in_sync,
           [](World& w) {
             w.coHeld("password");
             w.definition.foreignKeys = core::ForeignKeys::remove;
           }},
      }};
}

RowGroup recreate() {
  return {
      "recreate",
      {
          {"the type differs, recreate = true", Action::recreate, PlanReason::type_differs,
           [](World& w) {
             w.observed.type = "kubernetes.io/tls";
             w.definition.recreate = true;
           }},
          {"the same, and most keys would go with it", Action::hold, PlanReason::keys_would_drop,
           [](World& w) {
             w.observed.type = "kubernetes.io/tls";
             w.definition.recreate = true;
             w.keys = {"other"};
           }},
      }};
}

RowGroup immutable() {
  return {"immutable",
          {
              {"immutable = true was added to the definition", Action::update,
               PlanReason::definition_changed,
               [](World& w) {
                 w.definition.immutable = true;
                 w.redefined();
               }},
              {"immutable = true, and a value was rotated: the server's 422 tells, and recreate "
               "says what then",
               Action::update, PlanReason::value_changed,
               [](World& w) {
                 w.definition.immutable = true;
                 w.rotated();
               }},
          }};
}

RowGroup onSourceMissing() {
  return {"on_source_missing",
          {
              {"one source of two is gone, on_source_missing = \"delete\": its key is dropped",
               Action::update, PlanReason::definition_changed,
               [](World& w) {
                 w.definition.onSourceMissing = core::MissingPolicy::remove;
                 w.keys = {"user"};
                 w.rotated();
               }},
              {"every source is gone, on_source_missing = \"delete\"", Action::hold,
               PlanReason::keys_would_drop,
               [](World& w) {
                 w.definition.onSourceMissing = core::MissingPolicy::remove;
                 w.keys.clear();
                 w.rotated();
               }},
          }};
}

RowGroup blastGuard() {
  return {
      "blast guard",
      {
          {"more than half of the keys would be dropped", Action::hold, PlanReason::keys_would_drop,
           [](World& w) {
             w.applied({"a", "b", "password", "user", "z"});
             w.rotated();
           }},
          {"exactly half of the keys are dropped", Action::update, PlanReason::definition_changed,
           [](World& w) {
             w.applied({"a", "b", "password", "user"});
             w.rotated();
           }},
          {"more than half would be dropped, and exactly that is approved", Action::update,
           PlanReason::definition_changed,
           [](World& w) {
             w.applied({"a", "b", "password", "user", "z"});
             w.rotated();
             w.approved = w.decide().approval;
           }},
          {"the same, approved by the definition", Action::update, PlanReason::definition_changed,
           [](World& w) {
             w.applied({"a", "b", "password", "user", "z"});
             w.rotated();
             w.definition.approve = w.decide().approval;
           }},
          {"more was dropped after the approval", Action::hold, PlanReason::keys_would_drop,
           [](World& w) {
             w.applied({"a", "b", "password", "user", "z"});
             w.rotated();
             w.approved = w.decide().approval;
             w.keys = {"user"};
           }},
          {"creation = \"merge\": all of our keys would be dropped", Action::hold,
           PlanReason::keys_would_drop,
           [](World& w) {
             w.merged();
             w.keys = {"other"};
             w.rotated();
           }},
      }};
}

}  // namespace

std::vector<RowGroup> policyGroups() {
  return {recreate(), immutable(), foreignKeys(), onSourceMissing(), blastGuard()};
}

}  // namespace kms_secretd::tests

// SPDX-License-Identifier: Apache-2.0
#include "config/policy_fields.hpp"

#include <array>
#include <string>

namespace kms_secretd::config {

namespace {

core::AdoptPolicy adoptOf(std::string const& word) {
  if (word == "if-equal") return core::AdoptPolicy::if_equal;
  return word == "force" ? core::AdoptPolicy::force : core::AdoptPolicy::never;
}

/// What a merge cannot have, for the Secret belongs to others.
struct OwnersOnly {
  bool set;
  char const* what;
  char const* why;
};

}  // namespace

void readPolicies(TargetFields const& fields, core::TargetDefinition& target) {
  target.adopt = adoptOf(fields.text("adopt"));
  target.creation = fields.text("creation_policy") == "merge" ? core::CreationPolicy::merge
                                                              : core::CreationPolicy::owner;
  target.recreate = fields.boolean("recreate");
  target.deletion = fields.text("deletion_policy") == "delete" ? core::DeletionPolicy::remove
                                                               : core::DeletionPolicy::retain;
  target.onSourceMissing = fields.text("on_source_missing") == "delete"
                               ? core::MissingPolicy::remove
                               : core::MissingPolicy::retain;
  target.foreignKeys =
      fields.text("foreign_keys") == "remove" ? core::ForeignKeys::remove : core::ForeignKeys::keep;
  target.immutable = fields.boolean("immutable");
  target.approve = fields.text("approve");
}

void checkPolicies(core::TargetDefinition const& target, Findings& findings) {
  if (target.creation != core::CreationPolicy::merge) return;
  std::array const rules{
      OwnersOnly{target.recreate, "recreate", "a Secret that others own is never deleted"},
      OwnersOnly{target.deletion == core::DeletionPolicy::remove, "deletion_policy = \"delete\"",
                 "a Secret that others own is never deleted, and our keys stay in it"},
      OwnersOnly{target.foreignKeys == core::ForeignKeys::remove, "foreign_keys = \"remove\"",
                 "in a Secret that others own, the keys of others stay"},
      OwnersOnly{target.immutable, "immutable", "its owners say whether a Secret is immutable"}};
  for (auto const& [set, what, why] : rules) {
    if (!set) continue;
    findings.error(target.origin, std::string(what) + " stands beside creation_policy = \"merge\"",
                   std::string("remove one: ") + why);
  }
}

}  // namespace kms_secretd::config

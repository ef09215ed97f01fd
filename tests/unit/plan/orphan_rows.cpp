// SPDX-License-Identifier: Apache-2.0
#include "orphan_rows.hpp"

#include "core/marks.hpp"
#include "plan/orphans.hpp"
#include "world.hpp"

namespace kms_secretd::tests {
namespace {

namespace marks = core::marks;

char const* const stays = "stays";
char const* const deleted = "deleted, with uid and resourceVersion";
char const* const held = "held: nothing is deleted until exactly this is approved";

/// A Secret of ours as it was written with deletion_policy = "delete".
World written() {
  World world;
  world.definition.deletion = core::DeletionPolicy::remove;
  world.observed.annotations = marks::annotations(world.definition, {});
  return world;
}

std::string of(World const& world) {
  return plan::deletableOrphan(world.observed, world.instance) ? deleted : stays;
}

plan::OrphanInput orphans(std::size_t gone, std::size_t ours) {
  plan::OrphanInput input{.orphans = {}, .ours = ours};
  for (std::size_t i = 0; i < gone; ++i) {
    input.orphans.push_back(
        {.id = {.namespaceName = "shop", .name = "s" + std::to_string(i)}, .observed = {}});
  }
  return input;
}

std::string of(plan::OrphanInput const& input) {
  return plan::heldDeletion(input) ? held : deleted;
}

std::string approved(std::size_t gone, std::size_t goneNow) {
  auto input = orphans(goneNow, 100);
  input.approvedNow = plan::heldDeletion(orphans(gone, 100))->approval;
  return of(input);
}

}  // namespace

std::vector<OrphanRow> const& orphanRows() {
  static std::vector<OrphanRow> const rows{
      {"it was last written with deletion_policy = \"retain\"", stays, [] { return of(World{}); }},
      {"it was last written with deletion_policy = \"delete\"", deleted,
       [] { return of(written()); }},
      {"the same, but it is being deleted already", stays,
       [] {
         auto world = written();
         world.observed.terminating = true;
         return of(world);
       }},
      {"the same, but it has the label of another instance", stays,
       [] {
         auto world = written();
         world.observed.labels[marks::instanceLabel] = "blue";
         return of(world);
       }},
      {"a copy of it that another tool made, labels and annotations included", stays,
       [] {
         auto world = written();
         world.restored();
         return of(world);
       }},
      {"somebody took the annotation on-delete over, or wrote it by hand", stays,
       [] {
         auto world = written();
         std::erase(world.ours().annotations, marks::onDeleteAnnotation);
         return of(world);
       }},
      {"one of 3 is gone", deleted, [] { return of(orphans(1, 3)); }},
      {"2 of 3 are gone", held, [] { return of(orphans(2, 3)); }},
      {"5 of 50 are gone", deleted, [] { return of(orphans(5, 50)); }},
      {"5 of 40 are gone: more than a tenth", held, [] { return of(orphans(5, 40)); }},
      {"6 of 1000 are gone", held, [] { return of(orphans(6, 1000)); }},
      {"6 of 100 are gone, and exactly that is approved", deleted, [] { return approved(6, 6); }},
      {"6 were approved, and 7 are gone by now", held, [] { return approved(6, 7); }},
  };
  return rows;
}

}  // namespace kms_secretd::tests

// SPDX-License-Identifier: Apache-2.0
#include "plan/orphans.hpp"

#include <algorithm>
#include <utility>

#include "core/approval.hpp"
#include "core/marks.hpp"

namespace kms_secretd::plan {
namespace {

namespace marks = core::marks;
using Texts = std::map<std::string, std::string>;
using Names = std::vector<std::string>;

constexpr std::size_t most = 5;

bool textIs(Texts const& texts, char const* name, std::string const& wanted) {
  auto const at = texts.find(name);
  return at != texts.end() && at->second == wanted;
}

bool has(Names const& names, char const* name) {
  return std::ranges::find(names, name) != names.end();
}

}  // namespace

bool deletableOrphan(core::Observed const& observed, std::string const& instance) {
  if (!observed.exists || observed.terminating) return false;
  auto const* ours = observed.appliedBy(marks::fieldManager(instance));
  return ours != nullptr && textIs(observed.labels, marks::instanceLabel, instance) &&
         textIs(observed.annotations, marks::onDeleteAnnotation, marks::onDeleteDelete) &&
         has(ours->labels, marks::instanceLabel) &&
         has(ours->annotations, marks::onDeleteAnnotation);
}

std::size_t deletionLimit(std::size_t ours) noexcept {
  return std::min(most, std::max<std::size_t>(1, (ours + 9) / 10));
}

std::optional<core::HeldChange> heldDeletion(OrphanInput const& input) {
  if (input.orphans.size() <= deletionLimit(input.ours)) return std::nullopt;
  core::HeldChange held;
  for (auto const& orphan : input.orphans) held.drops.push_back(orphan.id.text());
  std::ranges::sort(held.drops);
  held.approval = core::approvalOf(held.drops);
  if (held.approval == input.approved || held.approval == input.approvedNow) return std::nullopt;
  return held;
}

}  // namespace kms_secretd::plan

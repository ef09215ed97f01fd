// SPDX-License-Identifier: Apache-2.0
#include "apply/holders.hpp"

#include <algorithm>
#include <set>

namespace kms_secretd::apply {
namespace {

using core::ManagedEntry;
using Names = std::vector<std::string>;

bool has(Names const& names, std::string const& name) {
  return std::ranges::find(names, name) != names.end();
}

bool holdsKey(ManagedEntry const& entry, std::string const& key) {
  return entry.wholeData || has(entry.dataKeys, key);
}

bool holdsSomethingOf(ManagedEntry const& entry, ApplyRequest const& request) {
  auto const in = [](Names const& names) {
    return [&names](auto const& pair) { return has(names, pair.first); };
  };
  return entry.wholeData || entry.wholeLabels || entry.wholeAnnotations ||
         std::ranges::any_of(request.data,
                             [&](auto const& key) { return has(entry.dataKeys, key.key); }) ||
         std::ranges::any_of(request.labels, in(entry.labels)) ||
         std::ranges::any_of(request.annotations, in(entry.annotations));
}

}  // namespace

bool othersHold(core::Observed const& object, ApplyRequest const& request) {
  auto const* ours = object.appliedBy(request.fieldManager);
  return std::ranges::any_of(object.managed, [&](ManagedEntry const& entry) {
    return &entry != ours && holdsSomethingOf(entry, request);
  });
}

Names stillHeld(core::Observed const& object, Names const& keys) {
  Names held;
  std::ranges::copy_if(keys, std::back_inserter(held), [&](std::string const& key) {
    return std::ranges::any_of(object.managed,
                               [&](ManagedEntry const& entry) { return holdsKey(entry, key); });
  });
  return held;
}

Names notOursAlone(core::Observed const& object, Names const& keys,
                   std::string const& fieldManager) {
  auto const* ours = object.appliedBy(fieldManager);
  Names remaining;
  std::ranges::copy_if(keys, std::back_inserter(remaining), [&](std::string const& key) {
    bool const heldByUs = ours != nullptr && has(ours->dataKeys, key);
    return !heldByUs || std::ranges::any_of(object.managed, [&](ManagedEntry const& entry) {
      return &entry != ours && holdsKey(entry, key);
    });
  });
  return remaining;
}

bool mayHoldUntracked(core::Observed const& object) {
  if (object.managed.empty()) return false;
  std::set<std::string> tracked;
  for (auto const& entry : object.managed) {
    if (entry.wholeData) return false;
    tracked.insert(entry.dataKeys.begin(), entry.dataKeys.end());
  }
  return !object.dataCount || *object.dataCount > tracked.size();
}

std::string namesOfOthers(core::Observed const& object, std::string const& fieldManager) {
  std::set<std::string> names;
  for (auto const& entry : object.managed) {
    if (entry.manager != fieldManager) names.insert(entry.manager);
  }
  std::string text;
  for (auto const& name : names) text += (text.empty() ? "" : ", ") + name;
  return text.empty() ? "unknown" : text;
}

}  // namespace kms_secretd::apply

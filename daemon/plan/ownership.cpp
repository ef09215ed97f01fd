// SPDX-License-Identifier: Apache-2.0
#include "plan/ownership.hpp"

#include <algorithm>
#include <set>
#include <utility>

#include "core/marks.hpp"

namespace kms_secretd::plan {
namespace {

namespace marks = core::marks;
using core::ManagedEntry;
using Names = std::vector<std::string>;

bool has(Names const& names, std::string const& name) {
  return std::ranges::find(names, name) != names.end();
}

ManagedEntry const* ourEntry(PlanInput const& input) {
  return input.observed.appliedBy(marks::fieldManager(input.instance));
}

/// The keys that an earlier apply of ours recorded on the Secret.
Names recordedKeys(PlanInput const& input) {
  auto const& annotations = input.observed.annotations;
  auto const at = annotations.find(marks::keysAnnotation);
  return at == annotations.end() ? Names{} : marks::splitKeys(at->second);
}

/// The keys that we declared so far, as far as the cluster tells.
std::set<std::string> keysBefore(PlanInput const& input) {
  auto const recorded = recordedKeys(input);
  std::set<std::string> keys(recorded.begin(), recorded.end());
  if (auto const* ours = ourEntry(input)) {
    keys.insert(ours->dataKeys.begin(), ours->dataKeys.end());
  }
  return keys;
}

/// One of the three maps whose members managers hold: data, labels or annotations.
struct Field {
  Names ManagedEntry::*names;
  bool ManagedEntry::*whole;
  Names declared;   ///< what we declare in it
  Names hadBefore;  ///< what we declared in it before, as far as the cluster tells
};

Field dataField(PlanInput const& input) {
  auto before = recordedKeys(input);
  // What this process applied with these very values was ours, whatever the annotation says now.
  if (input.record.digest == input.digest) {
    before.insert(before.end(), input.keys.begin(), input.keys.end());
  }
  return {&ManagedEntry::dataKeys, &ManagedEntry::wholeData, input.keys, std::move(before)};
}

Field labelField(PlanInput const& input) {
  Names declared;
  Names before;
  for (auto const& [name, value] : marks::labels(input.definition, input.instance)) {
    declared.push_back(name);
    if (sameDefinition(input) || name.starts_with(marks::prefix)) before.push_back(name);
  }
  return {&ManagedEntry::labels, &ManagedEntry::wholeLabels, declared, before};
}

Field annotationField(PlanInput const& input) {
  Names const declared = marks::annotationNames(input.definition);
  Names before;
  for (auto const& name : declared) {
    if (sameDefinition(input) || name.starts_with(marks::prefix)) before.push_back(name);
  }
  return {&ManagedEntry::annotations, &ManagedEntry::wholeAnnotations, declared, before};
}

/// True if our entry lacks something of `field` that was ours and is still declared.
bool lostSomethingOf(Field const& field, ManagedEntry const* ours) {
  return std::ranges::any_of(field.declared, [&](std::string const& name) {
    return has(field.hadBefore, name) && (ours == nullptr || !has(ours->*field.names, name));
  });
}

bool wasOurs(Field const& field, ManagedEntry const* ours, std::string const& name) {
  return has(field.hadBefore, name) || (ours != nullptr && has(ours->*field.names, name));
}

void collectHeld(Field const& field, PlanInput const& input, Holdings& holdings) {
  auto const* ours = ourEntry(input);
  for (auto const& entry : input.observed.managed) {
    if (&entry == ours) continue;
    for (auto const& name : field.declared) {
      if (!(entry.*field.whole) && !has(entry.*field.names, name)) continue;
      auto& held = wasOurs(field, ours, name) ? holdings.coHeld : holdings.strange;
      held.push_back(name + " by " + entry.manager);
    }
  }
}

}  // namespace

bool claimUnsettled(PlanInput const& input) {
  return input.record.createUnsettled && ourEntry(input) != nullptr &&
         !input.observed.createdBy(marks::fieldManager(input.instance));
}

Owner ownerOf(PlanInput const& input) {
  auto const& labels = input.observed.labels;
  auto const label = labels.find(marks::instanceLabel);
  if (label != labels.end() && label->second != input.instance) return Owner::other_instance;
  if (claimUnsettled(input)) return Owner::nobody_of_us;
  if (label != labels.end()) return Owner::ours;
  bool const knownUid = !input.record.uid.empty() && input.record.uid == input.observed.uid;
  return knownUid || ourEntry(input) != nullptr ? Owner::ours : Owner::nobody_of_us;
}

Holdings holdingsOf(PlanInput const& input) {
  Holdings holdings;
  auto const* ours = ourEntry(input);
  for (auto const& field : {dataField(input), labelField(input), annotationField(input)}) {
    holdings.lost |= lostSomethingOf(field, ours);
    collectHeld(field, input, holdings);
  }
  // Nothing recorded on the object and no entry of ours: all of it was taken away.
  holdings.lost |= ours == nullptr;
  return holdings;
}

Names droppedKeys(PlanInput const& input) {
  auto dropped = keysBefore(input);
  for (auto const& key : input.keys) dropped.erase(key);
  return {dropped.begin(), dropped.end()};
}

std::size_t keptKeys(PlanInput const& input) {
  return keysBefore(input).size() - droppedKeys(input).size();
}

Names foreignKeys(PlanInput const& input) {
  std::set<std::string> foreign;
  auto const* ours = ourEntry(input);
  for (auto const& entry : input.observed.managed) {
    if (&entry != ours) foreign.insert(entry.dataKeys.begin(), entry.dataKeys.end());
  }
  for (auto const& key : input.keys) foreign.erase(key);
  for (auto const& key : droppedKeys(input)) foreign.erase(key);
  return {foreign.begin(), foreign.end()};
}

bool sameDefinition(PlanInput const& input) {
  auto const& annotations = input.observed.annotations;
  auto const at = annotations.find(marks::definitionAnnotation);
  return at != annotations.end() && at->second == input.definition.hash;
}

std::string otherManagers(PlanInput const& input) {
  std::set<std::string> names;
  for (auto const& entry : input.observed.managed) {
    if (entry.manager != marks::fieldManager(input.instance)) names.insert(entry.manager);
  }
  std::string text;
  for (auto const& name : names) text += (text.empty() ? "" : ", ") + name;
  return text.empty() ? "unknown" : text;
}

}  // namespace kms_secretd::plan

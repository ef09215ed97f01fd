// SPDX-License-Identifier: Apache-2.0
#include "fakes/kube_double/ownership.hpp"

#include <algorithm>
#include <array>
#include <tuple>

namespace kms_secretd::fakes::kube {
namespace {

constexpr std::array<Part, 6> allParts{Part::immutable,   Part::type,       Part::data,
                                       Part::annotations, Part::finalizers, Part::labels};

/// What differs between two objects. A map that appears or goes counts itself ("." in FieldsV1).
struct Difference {
  FieldSet added;
  FieldSet modified;
  FieldSet removed;

  [[nodiscard]] FieldSet set() const { return unite(added, modified); }
};

Difference differenceOf(Secret const& from, Secret const& to) {
  Difference difference;
  for (auto const part : allParts) {
    auto const before = membersOf(from, part);
    auto const after = membersOf(to, part);
    if (hasMembers(part) && before.empty() && !after.empty()) difference.added.insert({part, ""});
    if (hasMembers(part) && !before.empty() && after.empty()) {
      difference.removed.insert({part, ""});
    }
    for (auto const& [name, value] : after) {
      auto const at = before.find(name);
      if (at == before.end()) difference.added.insert({part, name});
      if (at != before.end() && at->second != value) difference.modified.insert({part, name});
    }
    for (auto const& [name, value] : before) {
      if (!after.contains(name)) difference.removed.insert({part, name});
    }
  }
  return difference;
}

/// What an apply declares: members only, never a map itself.
FieldSet declaredBy(Secret const& config) {
  FieldSet fields;
  for (auto const part : allParts) {
    for (auto const& [name, value] : membersOf(config, part)) fields.insert({part, name});
  }
  return fields;
}

bool holdsOnlyThePart(FieldSet const& fields, Part part) {
  return fields.contains({part, ""}) && std::ranges::none_of(fields, [&](Field const& field) {
           return field.part == part && !field.name.empty();
         });
}

/// A manager that holds a map without any of its members gets all of them: the server takes such
/// an entry for one from before the map became granular.
void reconcile(std::vector<Manager>& managers, Secret const& live) {
  for (auto& manager : managers) {
    for (auto const part : {Part::data, Part::labels, Part::annotations}) {
      if (!holdsOnlyThePart(manager.fields, part)) continue;
      for (auto const& [name, value] : membersOf(live, part)) manager.fields.insert({part, name});
    }
  }
}

Manager& entryOf(std::vector<Manager>& managers, std::string const& name, bool apply) {
  Manager wanted;
  wanted.name = name;
  wanted.apply = apply;
  auto const at = std::ranges::find_if(
      managers, [&](Manager const& manager) { return manager.sameEntry(wanted); });
  if (at != managers.end()) return *at;
  managers.push_back(std::move(wanted));
  return managers.back();
}

void setFields(Manager& manager, FieldSet fields) {
  if (manager.fields == fields) return;
  manager.fields = std::move(fields);
  manager.time = nowText();
}

void tidy(std::vector<Manager>& managers) {
  std::erase_if(managers, [](Manager const& manager) { return manager.fields.empty(); });
  std::ranges::sort(managers, [](Manager const& a, Manager const& b) {
    return std::make_tuple(!a.apply, a.time, a.name) < std::make_tuple(!b.apply, b.time, b.name);
  });
}

bool otherHolds(std::vector<Manager> const& managers, Manager const& ours, Field const& field) {
  return std::ranges::any_of(managers, [&](Manager const& manager) {
    return !manager.sameEntry(ours) && manager.fields.contains(field);
  });
}

std::string whoOf(Manager const& manager) {
  return '"' + manager.name + '"' + (manager.apply ? "" : " using v1");
}

Status conflictStatus(std::vector<std::pair<Manager, FieldSet>> const& conflicts) {
  Status status;
  status.code = 409;
  status.reason = "Conflict";
  std::string list;
  for (auto const& [manager, fields] : conflicts) {
    list += (list.empty() ? "" : "\n") + ("conflicts with " + whoOf(manager) + ":");
    for (auto const& field : fields) {
      status.causes.push_back(
          {"FieldManagerConflict", field.text(), "conflict with " + whoOf(manager)});
      list += "\n- " + field.text();
    }
  }
  auto const& first = status.causes.front();
  auto const count = status.causes.size();
  status.message = count == 1
                       ? "Apply failed with 1 conflict: " + first.message + ": " + first.field
                       : "Apply failed with " + std::to_string(count) + " conflicts: " + list;
  return status;
}

std::vector<std::pair<Manager, FieldSet>> conflictsOf(std::vector<Manager> const& managers,
                                                      Manager const& ours,
                                                      FieldSet const& changed) {
  std::vector<std::pair<Manager, FieldSet>> conflicts;
  for (auto const& manager : managers) {
    if (manager.sameEntry(ours)) continue;
    auto const fields = intersect(manager.fields, changed);
    if (!fields.empty()) conflicts.emplace_back(manager, fields);
  }
  return conflicts;
}

void takeFromOthers(std::vector<Manager>& managers, Manager const& ours,
                    Difference const& difference) {
  auto const lost = unite(difference.set(), difference.removed);
  for (auto& manager : managers) {
    if (!manager.sameEntry(ours)) setFields(manager, subtract(manager.fields, lost));
  }
}

/// The managers as an apply finds them. An object that nobody manages is taken as held by
/// "before-first-apply" as a whole.
std::vector<Manager> managersBefore(std::optional<Secret> const& live) {
  if (!live) return {};
  auto managers = live->managers;
  if (managers.empty()) {
    Manager before;
    before.name = "before-first-apply";
    before.time = nowText();
    before.fields = differenceOf({}, *live).added;
    managers.push_back(std::move(before));
  }
  reconcile(managers, *live);
  return managers;
}

}  // namespace

std::variant<Secret, Status> applyOver(std::optional<Secret> const& live, Secret const& config,
                                       Change const& change) {
  auto managers = managersBefore(live);
  auto const ours = entryOf(managers, change.manager, true);
  auto const declared = declaredBy(config);

  Secret const base = live.value_or(Secret{});
  Secret next = base;
  for (auto const& field : declared) copyField(next, config, field);
  for (auto const& field : subtract(ours.fields, declared)) {
    if (!otherHolds(managers, ours, field)) copyField(next, {}, field);
  }

  auto const difference = differenceOf(base, next);
  auto const conflicts = conflictsOf(managers, ours, difference.set());
  if (!conflicts.empty() && !change.force) return conflictStatus(conflicts);
  takeFromOthers(managers, ours, difference);
  setFields(entryOf(managers, change.manager, true), declared);
  tidy(managers);
  next.managers = std::move(managers);
  if (!next.type) next.type = "Opaque";
  return next;
}

Secret updateOver(std::optional<Secret> const& live, Body next, Change const& change) {
  auto& object = next.secret;
  if (!object.type) object.type = "Opaque";
  if (next.managers == GivenManagers::none && live) object.managers = live->managers;
  if (next.managers == GivenManagers::stripped) object.managers.clear();
  // Nobody manages it: it stays so until the first apply.
  if (live && object.managers.empty()) return object;

  Secret const base = live.value_or(Secret{});
  reconcile(object.managers, base);
  auto const difference = differenceOf(base, object);
  auto const mine = entryOf(object.managers, change.manager, false);
  takeFromOthers(object.managers, mine, difference);
  setFields(entryOf(object.managers, change.manager, false),
            subtract(unite(mine.fields, difference.set()), difference.removed));
  tidy(object.managers);
  return object;
}

}  // namespace kms_secretd::fakes::kube

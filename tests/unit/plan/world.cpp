// SPDX-License-Identifier: Apache-2.0
#include "world.hpp"

#include <algorithm>
#include <stdexcept>

#include "core/marks.hpp"

namespace kms_secretd::tests {
namespace {

namespace marks = core::marks;

void take(std::vector<std::string>& from, std::string const& name) { std::erase(from, name); }

core::ManagedEntry entryOf(std::string manager, bool apply, std::vector<std::string> keys) {
  core::ManagedEntry entry;
  entry.manager = std::move(manager);
  entry.apply = apply;
  entry.dataKeys = std::move(keys);
  return entry;
}

}  // namespace

World::World() {
  definition.id = {"default", "payments", "db"};
  definition.labels = std::map<std::string, std::string>{{"app", "payments"}};
  definition.hash = "hash-1";
  for (auto const& key : keys) definition.data.push_back({{"shared", "prod/db", "", ""}, key, {}});
  digest.fill(1);
  record = {digest, definition.hash, "uid-1", "10", {}};

  observed.exists = true;
  observed.uid = "uid-1";
  observed.resourceVersion = "10";
  observed.type = "Opaque";
  observed.dataCount = 2;
  observed.labels = {{"app", "payments"}, {marks::instanceLabel, instance}};
  observed.annotations = marks::annotations(definition, {});
  observed.annotations[marks::keysAnnotation] = marks::joinKeys(keys);
  auto entry = entryOf("kms-secretd/default", true, keys);
  entry.labels = {"app", marks::instanceLabel};
  entry.annotations = marks::annotationNames(definition);
  entry.type = true;
  observed.managed = {entry};
}

core::Plan World::decide() const {
  return plan::decide({definition, digest, keys, observed, record, instance, mayForce, approved});
}

core::ManagedEntry& World::ours() {
  auto const at = std::ranges::find_if(observed.managed, [](core::ManagedEntry const& entry) {
    return entry.apply && entry.manager == "kms-secretd/default";
  });
  if (at == observed.managed.end()) throw std::logic_error("no entry of ours in this row");
  return *at;
}

void World::gone() {
  observed = {};
  record = {};
}

void World::foreign() {
  record = {};
  observed.labels = {{"app", "other"}};
  observed.annotations.clear();
  observed.managed = {entryOf("kubectl", false, keys)};
}

void World::claimed() {
  record = {};
  record.createUnsettled = true;
  auto maker = entryOf("kubectl", false, keys);
  maker.type = true;
  observed.managed.push_back(maker);
}

void World::restarted() { record = {}; }

void World::rotated() { digest.fill(2); }

void World::redefined() { definition.hash = "hash-2"; }

void World::declareToo(std::string const& key) {
  redefined();
  rotated();  // the digest covers the names of keys
  keys.push_back(key);
}

void World::edited(std::string const& key) {
  take(ours().dataKeys, key);
  observed.managed.push_back(entryOf("kubectl-edit", false, {key}));
}

void World::coHeld(std::string const& key) {
  observed.managed.push_back(entryOf("argocd", true, {key}));
}

void World::added(std::string const& key) {
  observed.managed.push_back(entryOf("kubectl", false, {key}));
}

void World::applied(std::vector<std::string> before) {
  observed.annotations[marks::keysAnnotation] = marks::joinKeys(before);
  ours().dataKeys = std::move(before);
}

void World::stripped() { observed.managed.clear(); }

void World::restored() {
  auto entry = ours();
  entry.manager = "velero";
  entry.apply = false;
  observed.managed = {entry};
  observed.uid = "uid-2";
}

void World::merged() {
  definition.creation = core::CreationPolicy::merge;
  observed.labels.erase(marks::instanceLabel);
  take(ours().labels, marks::instanceLabel);
  ours().type = false;
  observed.managed.push_back(entryOf("kubectl", false, {"theirs"}));
}

}  // namespace kms_secretd::tests

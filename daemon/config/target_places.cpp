// SPDX-License-Identifier: Apache-2.0
#include "config/target_places.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <utility>

#include "config/kubernetes_syntax.hpp"

namespace kms_secretd::config {

namespace {

/// One place, or several: the two keys that say so.
struct PlaceKeys {
  char const* one;
  char const* many;
};

constexpr PlaceKeys namespaceKeys{"namespace", "namespaces"};
constexpr PlaceKeys clusterKeys{"cluster", "clusters"};

bool given(CheckedTable const& table, char const* name) { return table.origins.contains(name); }

void checkList(CheckedTable const& table, char const* name, Findings& findings) {
  auto const& origin = table.originOf(name);
  auto const words = table.options.list(name);
  if (words.empty()) {
    findings.error(origin, shown(name) + " is empty", "name at least one, or remove the key");
  }
  std::set<std::string> seen;
  for (auto const& word : words) {
    if (auto const fault = labelFault(word)) {
      findings.error(origin, shown(word) + " in " + shown(name), "it " + *fault);
    }
    if (!seen.insert(word).second) {
      findings.error(origin, shown(word) + " stands twice in " + shown(name), "remove one");
    }
  }
}

void checkKeys(CheckedTable const& table, PlaceKeys keys, Findings& findings) {
  if (given(table, keys.one) && given(table, keys.many)) {
    findings.error(table.originOf(keys.many),
                   shown(keys.one) + " stands beside " + shown(keys.many),
                   "keep the one or the other");
  }
  if (given(table, keys.many) && table.options.has(keys.many)) {
    checkList(table, keys.many, findings);
  }
}

Places placesIn(CheckedTable const& table, PlaceKeys keys) {
  if (given(table, keys.one)) {
    return {.names = {table.options.text(keys.one)}, .origin = table.originOf(keys.one)};
  }
  if (!given(table, keys.many)) return {};
  auto names = table.options.list(keys.many);
  std::ranges::sort(names);  // one that stands twice is told of above
  names.erase(std::unique(names.begin(), names.end()), names.end());
  return {.names = std::move(names), .origin = table.originOf(keys.many)};
}

Places placesOf(CheckedTable const& secret, CheckedTable const& defaults, PlaceKeys keys) {
  auto own = placesIn(secret, keys);
  return own.names.empty() ? placesIn(defaults, keys) : own;
}

}  // namespace

void checkPlaces(CheckedTable const& table, Findings& findings) {
  checkKeys(table, namespaceKeys, findings);
  checkKeys(table, clusterKeys, findings);
}

Places namespacesOf(CheckedTable const& secret, CheckedTable const& defaults) {
  return placesOf(secret, defaults, namespaceKeys);
}

Places clustersOf(CheckedTable const& secret, CheckedTable const& defaults) {
  return placesOf(secret, defaults, clusterKeys);
}

}  // namespace kms_secretd::config

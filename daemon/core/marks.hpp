// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "core/definition.hpp"

/// What we write on a Secret besides its data (rules 1). Equal on every node; nothing here is
/// derived from a value.
namespace kms_secretd::core::marks {

inline constexpr std::string_view prefix = "kms-secretd.io/";
inline constexpr char const* instanceLabel = "kms-secretd.io/instance";
inline constexpr char const* managedByLabel = "app.kubernetes.io/managed-by";
inline constexpr char const* managedByValue = "kms-secretd";
inline constexpr char const* storeAnnotation = "kms-secretd.io/store";
inline constexpr char const* sourcesAnnotation = "kms-secretd.io/sources";
inline constexpr char const* keysAnnotation = "kms-secretd.io/keys";
inline constexpr char const* definitionAnnotation = "kms-secretd.io/definition";
inline constexpr char const* onDeleteAnnotation = "kms-secretd.io/on-delete";

/// The field manager of server-side apply.
[[nodiscard]] inline std::string fieldManager(std::string const& instance) {
  return "kms-secretd/" + instance;
}

/// `keys` as the keys annotation holds them: comma-separated (a key has no comma), sorted.
[[nodiscard]] inline std::string joinKeys(std::vector<std::string> keys) {
  std::ranges::sort(keys);
  std::string text;
  for (auto const& key : keys) text += (text.empty() ? "" : ",") + key;
  return text;
}

/// The keys that an annotation of joinKeys holds; others may have written it, so anything goes in.
[[nodiscard]] inline std::vector<std::string> splitKeys(std::string_view text) {
  std::vector<std::string> keys;
  while (!text.empty()) {
    auto const comma = std::min(text.find(','), text.size());
    if (comma != 0) keys.emplace_back(text.substr(0, comma));
    text.remove_prefix(std::min(comma + 1, text.size()));
  }
  std::ranges::sort(keys);
  keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
  return keys;
}

/// The labels that `definition` declares: its own, and ours unless it only merges (rules 2, merge).
[[nodiscard]] inline std::map<std::string, std::string> labels(TargetDefinition const& definition,
                                                               std::string const& instance) {
  auto labels = definition.labels;
  if (definition.creation == CreationPolicy::owner) labels[instanceLabel] = instance;
  return labels;
}

/// The names of the annotations that `definition` declares, sorted.
[[nodiscard]] inline std::vector<std::string> annotationNames(TargetDefinition const& definition) {
  std::vector<std::string> names{storeAnnotation, sourcesAnnotation, keysAnnotation,
                                 definitionAnnotation, onDeleteAnnotation};
  for (auto const& [name, value] : definition.annotations) names.push_back(name);
  std::ranges::sort(names);
  names.erase(std::unique(names.begin(), names.end()), names.end());
  return names;
}

}  // namespace kms_secretd::core::marks

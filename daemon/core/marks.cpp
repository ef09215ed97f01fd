// SPDX-License-Identifier: Apache-2.0
#include "core/marks.hpp"

#include <algorithm>
#include <cctype>
#include <set>
#include <utility>

namespace kms_secretd::core::marks {
namespace {

std::set<std::string> storesOf(TargetDefinition const& definition) {
  std::set<std::string> stores;
  for (auto const& source : definition.reads()) stores.insert(source.store);
  return stores;
}

template <class Words>
std::string join(Words const& words, char const* separator) {
  std::string text;
  for (auto const& word : words) text.append(text.empty() ? "" : separator).append(word);
  return text;
}

/// "name#version", with "store/" before it where there are several stores.
std::string sourcesOf(Rendered const& rendered, bool several) {
  std::set<std::string> sources;
  for (auto const& [source, versionId] : rendered.versions) {
    auto text = several ? source.store + "/" + source.name : source.name.str();
    if (!versionId.empty()) text.append("#").append(versionId);
    sources.insert(std::move(text));
  }
  return join(sources, " ");
}

}  // namespace

std::string fieldManager(std::string const& instance) { return "kms-secretd/" + instance; }

std::string joinKeys(std::vector<std::string> keys) {
  std::ranges::sort(keys);
  auto const repeated = std::ranges::unique(keys);
  keys.erase(repeated.begin(), repeated.end());
  return join(keys, ",");
}

std::vector<std::string> splitKeys(std::string_view text) {
  std::set<std::string> keys;
  while (!text.empty()) {
    auto const comma = std::min(text.find(','), text.size());
    if (comma != 0) keys.emplace(text.substr(0, comma));
    text.remove_prefix(std::min(comma + 1, text.size()));
  }
  return {keys.begin(), keys.end()};
}

std::map<std::string, std::string> labels(TargetDefinition const& definition,
                                          std::string const& instance) {
  auto labels = *definition.labels;
  if (definition.creation == CreationPolicy::owner) labels[instanceLabel] = instance;
  return labels;
}

std::map<std::string, std::string> annotations(TargetDefinition const& definition,
                                               Rendered const& rendered) {
  auto annotations = *definition.annotations;
  std::vector<std::string> keys;
  for (auto const& [key, value] : rendered.keys) keys.push_back(key);
  auto const stores = storesOf(definition);
  annotations[storeAnnotation] = join(stores, ",");
  annotations[sourcesAnnotation] = sourcesOf(rendered, stores.size() > 1);
  annotations[keysAnnotation] = joinKeys(std::move(keys));
  annotations[definitionAnnotation] = definition.hash;
  annotations[onDeleteAnnotation] =
      definition.deletion == DeletionPolicy::remove ? onDeleteDelete : onDeleteKeep;
  return annotations;
}

std::vector<std::string> annotationNames(TargetDefinition const& definition) {
  std::vector<std::string> names;
  for (auto const& [name, value] : annotations(definition, {})) names.push_back(name);
  return names;
}

std::string checkName(std::string const& name) {
  std::string const suffix = "-kms-secretd-check";
  auto head = name.substr(0, 253 - suffix.size());
  while (!head.empty() && std::isalnum(static_cast<unsigned char>(head.back())) == 0) {
    head.pop_back();
  }
  return head + suffix;
}

}  // namespace kms_secretd::core::marks

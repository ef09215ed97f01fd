// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <iterator>

#include "core/config.hpp"
#include "core/definition.hpp"
#include "core/fetched.hpp"
#include "core/names.hpp"
#include "core/observed.hpp"
#include "core/rendered.hpp"
#include "core/secret_types.hpp"

namespace kms_secretd::core {

std::string Origin::text() const {
  return file + ":" + std::to_string(line) + ":" + std::to_string(column);
}

std::string TargetId::text() const {
  auto const local = namespaceName + "/" + name;
  return cluster == defaultCluster ? local : cluster + ":" + local;
}

std::optional<TargetId> TargetId::from(std::string_view text) {
  TargetId id;
  auto const colon = text.find(':');
  if (colon != std::string_view::npos) {
    id.cluster = text.substr(0, colon);
    text.remove_prefix(colon + 1);
  }
  auto const slash = text.find('/');
  if (slash == std::string_view::npos) return std::nullopt;
  id.namespaceName = text.substr(0, slash);
  id.name = text.substr(slash + 1);
  for (auto const* part : {&id.cluster, &id.namespaceName, &id.name}) {
    if (part->empty() || part->str().find_first_of("/:") != std::string::npos) return std::nullopt;
  }
  return id;
}

SharedText defaultClusterName() {
  static SharedText const name(defaultCluster);
  return name;
}

std::string ofCluster(std::string const& cluster) {
  return cluster == defaultCluster ? std::string() : "cluster " + cluster + ": ";
}

Config Config::shareOf(std::string const& cluster) const {
  auto share = *this;
  std::erase_if(share.clusters, [&](auto const& each) { return each.first != cluster; });
  std::erase_if(share.targets, [&](auto const& target) { return target->id.cluster != cluster; });
  return share;
}

std::string SourceRef::text() const {
  auto text = store + "/" + name;
  if (!versionStage.empty()) text += "@" + versionStage;
  if (!versionId.empty()) text += "#" + versionId;
  return text;
}

std::vector<SourceRef> TargetDefinition::reads() const {
  std::vector<SourceRef> distinct;
  auto const add = [&distinct](SourceRef const& source) {
    if (std::ranges::find(distinct, source) == distinct.end()) distinct.push_back(source);
  };
  for (auto const& entry : data) add(entry.source);
  for (auto const& extraction : extractions) add(extraction.source);
  return distinct;
}

std::optional<std::vector<std::string>> TargetDefinition::knownKeys(bool optional) const {
  auto const hidden = [](Extraction const& extraction) { return extraction.templateOnly; };
  if (!std::ranges::all_of(extractions, hidden)) return std::nullopt;
  std::vector<std::string> keys;
  for (auto const& entry : data) {
    if (entry.templateOnly) continue;
    if (entry.paths.empty()) keys.push_back(entry.key);
    for (auto const& path : entry.paths) {
      if (optional || !path.optional) keys.push_back(path.key);
    }
  }
  for (auto const& entry : templates) keys.push_back(entry.key);
  if (!builds.empty()) std::ranges::copy(builtKeys(type), std::back_inserter(keys));
  return keys;
}

bool TargetDefinition::allPinned() const noexcept {
  auto const pinned = [](auto const& entry) { return entry.source.pinned(); };
  return std::ranges::all_of(data, pinned) && std::ranges::all_of(extractions, pinned);
}

Origin const& StoreConfig::originOf(std::string const& option) const {
  // What is missing stands nowhere: then the table that should hold it is the place.
  for (auto path = option; !path.empty();) {
    auto const at = optionOrigins.find(path);
    if (at != optionOrigins.end()) return at->second;
    auto const end = path.find_last_of(".[");
    path.resize(end == std::string::npos ? 0 : end);
  }
  return origin;
}

bool Fetched::isMissing(SourceRef const& source) const noexcept {
  return std::ranges::find(missing, source, &MissingSource::source) != missing.end();
}

sdk::FetchedSecret const* Fetched::find(SourceRef const& source) const noexcept {
  auto const at = std::ranges::find(sources, source, &FetchedSource::source);
  return at == sources.end() ? nullptr : at->secret.get();
}

std::vector<std::string> namesOf(std::vector<AppliedKey> const& keys) {
  std::vector<std::string> names;
  names.reserve(keys.size());
  for (auto const& each : keys) names.push_back(each.name);
  return names;
}

std::vector<std::string> Rendered::keyNames() const {
  std::vector<std::string> names;
  names.reserve(keys.size());
  for (auto const& each : keys) names.push_back(each.key);
  return names;
}

ManagedEntry const* Observed::appliedBy(std::string const& manager) const noexcept {
  auto const at = std::ranges::find_if(
      managed, [&](ManagedEntry const& entry) { return entry.apply && entry.manager == manager; });
  return at == managed.end() ? nullptr : &*at;
}

bool Observed::createdBy(std::string const& manager) const noexcept {
  auto const* made = appliedBy(manager);
  if (made == nullptr) return false;
  if (managed.size() == 1) return true;
  return made->type && std::ranges::none_of(managed, [made](ManagedEntry const& entry) {
           return &entry != made && entry.type;
         });
}

}  // namespace kms_secretd::core

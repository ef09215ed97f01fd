// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "core/config.hpp"
#include "core/definition.hpp"
#include "core/fetched.hpp"
#include "core/names.hpp"
#include "core/observed.hpp"

namespace kms_secretd::core {

std::string Origin::text() const {
  return file + ":" + std::to_string(line) + ":" + std::to_string(column);
}

std::string TargetId::text() const {
  auto const local = namespaceName + "/" + name;
  return cluster == "default" ? local : cluster + ":" + local;
}

std::string SourceRef::text() const {
  auto text = store + "/" + name;
  if (!versionStage.empty()) text += "@" + versionStage;
  if (!versionId.empty()) text += "#" + versionId;
  return text;
}

std::vector<SourceRef> TargetDefinition::reads() const {
  std::vector<SourceRef> distinct;
  for (auto const& entry : data) {
    if (std::ranges::find(distinct, entry.source) == distinct.end()) {
      distinct.push_back(entry.source);
    }
  }
  return distinct;
}

bool TargetDefinition::allPinned() const noexcept {
  return std::ranges::all_of(data, [](DataEntry const& entry) { return entry.source.pinned(); });
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

sdk::FetchedSecret const* Fetched::find(SourceRef const& source) const noexcept {
  auto const at = std::ranges::find(sources, source, &FetchedSource::source);
  return at == sources.end() ? nullptr : at->secret.get();
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

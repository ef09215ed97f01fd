// SPDX-License-Identifier: Apache-2.0
#include "transform/render.hpp"

#include <algorithm>

namespace kms_secretd::transform {
namespace {

core::RenderFailure missing(core::DataEntry const& entry) {
  return {"key '" + entry.key + "': " + entry.source.text() + " was not read (" +
          entry.origin.text() + ")"};
}

core::RenderFailure twice(std::string const& key, core::TargetDefinition const& definition) {
  std::string origins;
  for (auto const& entry : definition.data) {
    if (entry.key == key) origins += (origins.empty() ? "" : " and ") + entry.origin.text();
  }
  return {"key '" + key + "' is made twice: " + origins + "; give one of them another key"};
}

}  // namespace

core::RenderResult render(core::TargetDefinition const& definition, core::Fetched const& fetched) {
  core::Rendered rendered;
  for (auto const& entry : definition.data) {
    auto const* secret = fetched.find(entry.source);
    if (secret == nullptr) return missing(entry);
    rendered.keys.push_back({.key = entry.key, .value = secret->value.clone()});
  }
  for (auto const& each : fetched.sources) {
    rendered.versions.push_back({.source = each.source, .versionId = each.secret->versionId});
  }
  std::ranges::sort(rendered.keys, {}, &core::RenderedKey::key);
  auto const same = std::ranges::adjacent_find(rendered.keys, {}, &core::RenderedKey::key);
  if (same != rendered.keys.end()) return twice(same->key, definition);
  return rendered;
}

}  // namespace kms_secretd::transform

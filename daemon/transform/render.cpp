// SPDX-License-Identifier: Apache-2.0
#include "transform/render.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

#include "transform/builders.hpp"
#include "transform/selection.hpp"
#include "transform/template_text.hpp"

namespace kms_secretd::transform {
namespace {

using core::RenderFailure;
using Failed = std::optional<RenderFailure>;
using Origins = std::map<std::string, std::string>;  // where a name comes from

bool isKeyCharacter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
         c == '_' || c == '.';
}

bool isKey(std::string_view name) {
  return !name.empty() && name.size() <= 253 && name != "." && !name.starts_with("..") &&
         std::ranges::all_of(name, isKeyCharacter);
}

class Rendering {
 public:
  Rendering(core::TargetDefinition const& definition, core::Fetched const& fetched)
      : definition_(definition), fetched_(fetched) {}

  core::RenderResult run() {
    auto selection = select(definition_, fetched_);
    if (auto* failure = std::get_if<RenderFailure>(&selection)) return std::move(*failure);
    auto& selected = std::get<Selected>(selection);
    rendered_.notes = std::move(selected.notes);
    for (auto const& value : selected.values) {
      if (auto failure = name(value)) return std::move(*failure);
    }
    if (auto failure = writeTemplates()) return std::move(*failure);
    if (auto failure = runBuilders()) return std::move(*failure);
    for (auto& value : selected.values) {
      if (!value.templateOnly) rendered_.keys.push_back({value.name, std::move(value.value)});
    }
    return finished();
  }

 private:
  // A name that became invalid may be part of a value: only its length is told.
  Failed name(NamedValue const& value) {
    if (!isKey(value.name)) {
      return RenderFailure{"a name of " + std::to_string(value.name.size()) +
                           " bytes is no key of a Secret: use letters, digits, '-', '_' and '.', "
                           "at most 253; a replace_rule can mend it (" +
                           value.origin + ")"};
    }
    values_.emplace(value.name, value.value.reveal());
    if (auto failure = claim(names_, value.name, value.origin)) return failure;
    return value.templateOnly ? std::nullopt : claim(keys_, value.name, value.origin);
  }

  // Values have names of their own: one that makes no key may be called as a key that is built.
  static Failed claim(Origins& origins, std::string const& key, std::string const& origin) {
    auto const [at, isNew] = origins.emplace(key, origin);
    if (isNew) return std::nullopt;
    return RenderFailure{"key '" + key + "' is made twice: " + at->second + " and " + origin +
                         "; give one of them another key"};
  }

  Failed writeTemplates() {
    for (auto const& entry : definition_.templates) {
      auto const place = " (" + entry.origin.text() + ")";
      auto const failed = [&](SyntaxFault const& fault) {
        return RenderFailure{"key '" + entry.key + "': the template: " + fault.message + place};
      };
      if (auto const fault = templateFault(entry.text, nullptr)) return failed(*fault);
      auto const text = renderTemplate(entry.text, values_);
      if (auto const* fault = std::get_if<SyntaxFault>(&text)) return failed(*fault);
      if (auto failure = claim(keys_, entry.key, entry.origin.text())) return failure;
      rendered_.keys.push_back({entry.key, sdk::SecretBytes(std::get<std::string>(text))});
    }
    return std::nullopt;
  }

  Failed runBuilders() {
    if (definition_.builds.empty()) return std::nullopt;
    auto made = build(definition_, values_);
    if (auto* failure = std::get_if<RenderFailure>(&made)) return std::move(*failure);
    auto& built = std::get<Built>(made);
    std::ranges::move(built.notes, std::back_inserter(rendered_.notes));
    auto const origin = definition_.builds.front().origin.text();
    for (auto& key : built.keys) {
      if (auto failure = claim(keys_, key.key, origin)) return failure;
      rendered_.keys.push_back(std::move(key));
    }
    return std::nullopt;
  }

  core::RenderResult finished() {
    for (auto const& each : fetched_.sources) {
      rendered_.versions.push_back({.source = each.source, .versionId = each.secret->versionId});
    }
    std::ranges::sort(rendered_.keys, {}, &core::RenderedKey::key);
    if (auto fault = typeFault(definition_, rendered_.keys); !fault.empty()) {
      return RenderFailure{std::move(fault)};
    }
    return std::move(rendered_);
  }

  core::TargetDefinition const& definition_;
  core::Fetched const& fetched_;
  TemplateValues values_{};
  Origins names_{};
  Origins keys_{};
  core::Rendered rendered_{};
};

}  // namespace

core::RenderResult render(core::TargetDefinition const& definition, core::Fetched const& fetched) {
  return Rendering(definition, fetched).run();
}

}  // namespace kms_secretd::transform

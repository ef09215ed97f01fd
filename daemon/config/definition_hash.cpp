// SPDX-License-Identifier: Apache-2.0
#include "config/definition_hash.hpp"

#include <algorithm>
#include <string_view>
#include <utility>
#include <vector>

namespace kms_secretd::config {

namespace {

/// Fields with their lengths: no two definitions share a text.
class Canonical {
 public:
  explicit Canonical(std::string_view start) {
    text_.reserve(usualSize);
    text_ += start;
  }

  Canonical& field(std::string_view text) {
    text_ += std::to_string(text.size());
    text_ += ':';
    text_ += text;
    text_ += '\n';
    return *this;
  }

  Canonical& fields(std::map<std::string, std::string> const& texts) {
    field(std::to_string(texts.size()));
    for (auto const& [key, value] : texts) field(key).field(value);
    return *this;
  }

  /// A text that was made of fields already.
  Canonical& raw(std::string_view text) {
    text_ += text;
    return *this;
  }

  [[nodiscard]] std::string take() { return std::move(text_); }

 private:
  static constexpr std::size_t usualSize = 256;

  std::string text_;
};

void add(Canonical& text, core::SourceRef const& source) {
  text.field(source.store).field(source.name).field(source.versionStage).field(source.versionId);
}

std::string number(auto value) { return std::to_string(static_cast<int>(value)); }

void add(Canonical& text, core::Conversion const& conversion) {
  text.field(number(conversion.nested)).field(number(conversion.decode));
  text.field(number(conversion.encode));
}

void add(Canonical& text, std::vector<std::string> const& list) {
  text.field(std::to_string(list.size()));
  for (auto const& each : list) text.field(each);
}

/// The order of entries decides nothing, so they are sorted by their texts.
void addSorted(Canonical& text, std::vector<std::string> entries) {
  std::ranges::sort(entries);
  for (auto const& entry : entries) text.raw(entry);
}

/// What an entry asks for beyond copying bytes stands behind the fields that every entry has, so
/// that a definition without it has the text that it always had.
std::string textOf(core::DataEntry const& entry) {
  Canonical text("");
  text.field(entry.key);
  add(text, entry.source);
  if (entry.plain()) return text.take();
  text.field("transformed").field(entry.templateOnly ? "1" : "0");
  if (entry.paths.empty()) add(text, entry.conversion);
  std::vector<std::string> paths;
  for (auto const& path : entry.paths) {
    Canonical inner("");
    inner.field(path.key).field(path.path).field(path.optional ? "1" : "0");
    add(inner, path.conversion);
    paths.push_back(inner.take());
  }
  text.field(std::to_string(paths.size()));
  addSorted(text, std::move(paths));
  if (entry.extendedConfig) text.field("extended");
  return text.take();
}

std::string textOf(core::Extraction const& entry) {
  Canonical text("");
  text.field("extraction");
  add(text, entry.source);
  add(text, entry.include);
  add(text, entry.exclude);
  text.field(entry.stripPrefix).field(entry.addPrefix);
  text.field(std::to_string(entry.rules.size()));  // their order decides
  for (auto const& rule : entry.rules) text.field(rule.source).field(rule.target);
  add(text, entry.conversion);
  text.field(entry.templateOnly ? "1" : "0");
  if (entry.extendedConfig) text.field("extended");
  return text.take();
}

std::string textOf(core::TemplateEntry const& entry) {
  return Canonical("").field("template").field(entry.key).field(entry.text).take();
}

std::string textOf(core::BuildEntry const& entry) {
  Canonical text("");
  text.field("build").field(entry.registry).field(entry.username).field(entry.password);
  text.field(entry.email).field(entry.certificate).field(entry.chain).field(entry.privateKey);
  return text.take();
}

template <class Entry>
std::vector<std::string> textsOf(std::vector<Entry> const& entries) {
  std::vector<std::string> texts;
  texts.reserve(entries.size());
  for (auto const& entry : entries) texts.push_back(textOf(entry));
  return texts;
}

/// By their keys; entries of equal keys (those with paths have none) by their texts.
void addData(Canonical& text, std::vector<core::DataEntry> const& data) {
  std::vector<std::pair<std::string_view, std::string>> entries;
  entries.reserve(data.size());
  for (auto const& entry : data) entries.emplace_back(entry.key, textOf(entry));
  std::ranges::sort(entries);
  for (auto const& [key, entry] : entries) text.raw(entry);
}

/// Policies that came later stand only where they are not as they always were, so that a definition
/// without them has the text that it always had.
void addPolicies(Canonical& text, core::TargetDefinition const& target) {
  if (target.deletion == core::DeletionPolicy::remove) text.field("deletion_policy");
  if (target.onSourceMissing == core::MissingPolicy::remove) text.field("on_source_missing");
  if (target.foreignKeys == core::ForeignKeys::remove) text.field("foreign_keys");
  if (target.immutable) text.field("immutable");
}

}  // namespace

std::string canonicalText(core::TargetDefinition const& target) {
  Canonical text("kms-secretd definition 1\n");
  text.field(target.id.cluster).field(target.id.namespaceName).field(target.id.name);
  text.field(target.type).fields(*target.labels).fields(*target.annotations);
  text.field(std::to_string(static_cast<int>(target.adopt)));
  text.field(std::to_string(static_cast<int>(target.creation)));
  text.field(target.recreate ? "1" : "0");
  addPolicies(text, target);
  addData(text, target.data);
  addSorted(text, textsOf(target.extractions));
  addSorted(text, textsOf(target.templates));
  addSorted(text, textsOf(target.builds));
  return text.take();
}

}  // namespace kms_secretd::config

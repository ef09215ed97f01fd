// SPDX-License-Identifier: Apache-2.0
#include "config/definition_hash.hpp"

#include <algorithm>

namespace kms_secretd::config {

namespace {

/// Fields with their lengths: no two definitions share a text.
class Canonical {
 public:
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

  [[nodiscard]] std::string take() { return std::move(text_); }

 private:
  std::string text_ = "kms-secretd definition 1\n";
};

std::vector<core::DataEntry const*> byKey(std::vector<core::DataEntry> const& data) {
  std::vector<core::DataEntry const*> entries;
  for (auto const& entry : data) entries.push_back(&entry);
  std::ranges::sort(entries, {}, &core::DataEntry::key);
  return entries;
}

}  // namespace

std::string canonicalText(core::TargetDefinition const& target) {
  Canonical text;
  text.field(target.id.cluster).field(target.id.namespaceName).field(target.id.name);
  text.field(target.type).fields(target.labels).fields(target.annotations);
  text.field(std::to_string(static_cast<int>(target.adopt)));
  text.field(std::to_string(static_cast<int>(target.creation)));
  text.field(target.recreate ? "1" : "0");
  for (auto const* entry : byKey(target.data)) {
    auto const& source = entry->source;
    text.field(entry->key).field(source.store).field(source.name);
    text.field(source.versionStage).field(source.versionId);
  }
  return text.take();
}

}  // namespace kms_secretd::config

// SPDX-License-Identifier: Apache-2.0
#include "config/text_pool.hpp"

namespace kms_secretd::config {

void TextPool::share(core::TargetDefinition& target) {
  for (auto* const text : {&target.id.cluster, &target.id.namespaceName, &target.id.name,
                           &target.type, &target.origin.file}) {
    share(*text);
  }
  for (auto& entry : target.data) {
    share(entry.source);
    share(entry.key);
    share(entry.origin.file);
    for (auto& path : entry.paths) share(path.origin.file);
  }
  for (auto& extraction : target.extractions) {
    share(extraction.source);
    share(extraction.origin.file);
  }
  for (auto& entry : target.templates) share(entry.origin.file);
  for (auto& entry : target.builds) share(entry.origin.file);
}

void TextPool::share(core::SourceRef& source) {
  for (auto* const text : {&source.store, &source.name, &source.versionStage, &source.versionId}) {
    share(*text);
  }
}

void TextPool::share(core::SharedText& text) {
  if (!text.empty()) text = texts_.try_emplace(text, text).first->second;
}

}  // namespace kms_secretd::config

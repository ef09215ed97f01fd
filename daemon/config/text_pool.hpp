// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>
#include <unordered_map>

#include "core/definition.hpp"

namespace kms_secretd::config {

/// Makes equal names one in memory: thousands of definitions name the same stores, namespaces and
/// files. Lives while a configuration is loaded; what was shared outlives it. One thread.
class TextPool {
 public:
  /// Replaces every name in the definition by the one that stands here already, if it does.
  void share(core::TargetDefinition& target);

 private:
  void share(core::SharedText& text);
  void share(core::SourceRef& source);

  std::unordered_map<std::string_view, core::SharedText> texts_{};  ///< the key is the text itself
};

}  // namespace kms_secretd::config

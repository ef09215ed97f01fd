// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/names.hpp"

namespace kms_secretd::core {

/// How bytes are written as text.
enum class Encoding : std::uint8_t { none, base64, base64url, hex };

/// How an object or array that was selected becomes text.
enum class NestedForm : std::uint8_t { json, yaml };

/// What happens to a value on its way into a key, in this order.
struct Conversion {
  NestedForm nested = NestedForm::json;
  Encoding decode = Encoding::none;
  Encoding encode = Encoding::none;
  friend bool operator==(Conversion const&, Conversion const&) = default;
};

/// One JMESPath expression and the key that its result fills.
struct PathEntry {
  std::string path{};
  std::string key{};
  bool optional = false;  ///< nothing selected: the key is absent; else the round fails
  Conversion conversion{};
  Origin origin{};
};

/// One read and the key that it fills, or the keys of `paths`.
struct DataEntry {
  SourceRef source{};
  SharedText key{};  ///< unused where there are paths
  Origin origin{};
  std::vector<PathEntry> paths{};
  Conversion conversion{};
  bool templateOnly = false;    ///< for templates and builders; makes no key of its own
  bool extendedConfig = false;  ///< the extended configuration is meant, not the value

  /// True if the bytes of the value go into the key as they are.
  [[nodiscard]] bool plain() const noexcept {
    return paths.empty() && conversion == Conversion{} && !templateOnly && !extendedConfig;
  }
};

/// Renames keys: an RE2 pattern and what each match of it is replaced by ($1, ${name}, $$).
struct ReplaceRule {
  std::string source{};
  std::string target{};
};

/// One read of which every top-level member becomes a key.
struct Extraction {
  SourceRef source{};
  std::vector<std::string> include{};  ///< patterns for whole member names; empty = all
  std::vector<std::string> exclude{};
  std::string stripPrefix{};
  std::vector<ReplaceRule> rules{};
  std::string addPrefix{};
  Conversion conversion{};
  bool templateOnly = false;
  bool extendedConfig = false;  ///< the extended configuration is meant, not the value
  Origin origin{};
};

/// A key that is written from others by a template.
struct TemplateEntry {
  std::string key{};
  std::string text{};
  Origin origin{};
};

/// The parts of a Secret with a type of Kubernetes' own; each but the registry is the name of a
/// value. Which are used depends on the type.
struct BuildEntry {
  std::string registry{};  ///< host name, as it is
  std::string username{};
  std::string password{};
  std::string email{};
  std::string certificate{};
  std::string chain{};
  std::string privateKey{};
  Origin origin{};
};

}  // namespace kms_secretd::core

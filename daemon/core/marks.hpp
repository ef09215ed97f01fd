// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "core/definition.hpp"
#include "core/rendered.hpp"

/// What we write on a Secret besides its data (rules 1). Equal on every node; nothing here is
/// derived from a value.
namespace kms_secretd::core::marks {

inline constexpr std::string_view prefix = "kms-secretd.io/";
inline constexpr char const* instanceLabel = "kms-secretd.io/instance";
inline constexpr char const* managedByLabel = "app.kubernetes.io/managed-by";
inline constexpr char const* managedByValue = "kms-secretd";
inline constexpr char const* storeAnnotation = "kms-secretd.io/store";
inline constexpr char const* sourcesAnnotation = "kms-secretd.io/sources";
inline constexpr char const* keysAnnotation = "kms-secretd.io/keys";
inline constexpr char const* definitionAnnotation = "kms-secretd.io/definition";
inline constexpr char const* onDeleteAnnotation = "kms-secretd.io/on-delete";
inline constexpr char const* onDeleteKeep = "keep";
inline constexpr char const* onDeleteDelete = "delete";

/// The field manager of server-side apply.
[[nodiscard]] std::string fieldManager(std::string const& instance);

/// `keys` as the keys annotation holds them: comma-separated (a key has no comma), sorted.
[[nodiscard]] std::string joinKeys(std::vector<std::string> keys);

/// The keys that an annotation of joinKeys holds, sorted, unique. Others may have written it, so
/// anything may be in it.
[[nodiscard]] std::vector<std::string> splitKeys(std::string_view text);

/// The labels that `definition` declares: its own, and ours unless it only merges (rules 2, merge).
[[nodiscard]] std::map<std::string, std::string> labels(TargetDefinition const& definition,
                                                        std::string const& instance);

/// The annotations that `definition` declares for `rendered`: its own and ours.
[[nodiscard]] std::map<std::string, std::string> annotations(TargetDefinition const& definition,
                                                             Rendered const& rendered);

/// The names of annotations(), sorted; they do not hang on what was rendered.
[[nodiscard]] std::vector<std::string> annotationNames(TargetDefinition const& definition);

/// The name under which a recreate has the new object validated by a dry run before it deletes the
/// old one: `name` with a suffix, within 253 characters. RBAC must allow patch on it.
[[nodiscard]] std::string checkName(std::string const& name);

}  // namespace kms_secretd::core::marks

// SPDX-License-Identifier: Apache-2.0
#include "plan/limits.hpp"

#include <algorithm>
#include <set>

#include "core/marks.hpp"

namespace kms_secretd::plan {
namespace {

bool keyCharacter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
         c == '_' || c == '.';
}

/// `key` for a message: shortened, and without bytes that a terminal would obey.
std::string shown(std::string_view key) {
  std::string text;
  for (char const c : key.substr(0, 60)) text += c >= ' ' && c < 0x7f ? c : '?';
  return '"' + text + (key.size() > 60 ? "...\"" : "\"");
}

std::optional<std::string> whyBadKeys(core::Rendered const& rendered) {
  std::set<std::string_view> seen;
  for (auto const& [key, value] : rendered.keys) {
    if (auto why = whyBadKey(key)) return why;
    if (!seen.insert(key).second) {
      return "key " + shown(key) + " is made twice: give one of the entries another key";
    }
  }
  return std::nullopt;
}

std::optional<std::string> whyTooLarge(core::Rendered const& rendered) {
  std::size_t sum = 0;
  for (auto const& [key, value] : rendered.keys) sum += value.size();
  if (sum <= maxDataBytes) return std::nullopt;
  return "the values have " + std::to_string(sum) + " bytes, a Secret holds at most " +
         std::to_string(maxDataBytes) + ": spread the entries over several Secrets";
}

}  // namespace

std::optional<std::string> whyBadKey(std::string_view key) {
  if (key.empty()) return "an empty key: give the entry a key";
  if (key.size() > maxKeyLength) {
    return "key " + shown(key) + " has " + std::to_string(key.size()) + " bytes, at most " +
           std::to_string(maxKeyLength) + " are allowed: give the entry a shorter key";
  }
  bool const dots = key == "." || key.starts_with("..");
  if (dots || !std::ranges::all_of(key, keyCharacter)) {
    return "key " + shown(key) +
           " is not allowed in a Secret: use letters, digits, '-', '_' and '.', not '.' alone and "
           "not '..' in front";
  }
  return std::nullopt;
}

std::optional<std::string> whyTooManyAnnotations(
    std::map<std::string, std::string> const& annotations) {
  std::size_t sum = 0;
  for (auto const& [name, value] : annotations) sum += name.size() + value.size();
  if (sum <= maxAnnotationBytes) return std::nullopt;
  return "the annotations (with the record of keys and sources) have " + std::to_string(sum) +
         " bytes, at most " + std::to_string(maxAnnotationBytes) +
         " are allowed: spread the entries over several Secrets";
}

std::optional<std::string> whyUnacceptable(core::TargetDefinition const& definition,
                                           core::Rendered const& rendered, bool mayBeEmpty) {
  if (rendered.keys.empty() && !mayBeEmpty)
    return "no key at all: the definition makes an empty Secret";
  if (auto why = whyBadKeys(rendered)) return why;
  if (auto why = whyTooLarge(rendered)) return why;
  return whyTooManyAnnotations(core::marks::annotations(definition, rendered));
}

}  // namespace kms_secretd::plan

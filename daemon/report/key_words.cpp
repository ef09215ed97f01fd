// SPDX-License-Identifier: Apache-2.0
#include "report/key_words.hpp"

#include <algorithm>

namespace kms_secretd::report {
namespace {

using Names = std::vector<std::string>;

std::string join(Names const& names, std::size_t from, std::size_t to, char const* separator) {
  std::string text;
  for (auto i = from; i < to; ++i) text += (i == from ? "" : separator) + names[i];
  return text;
}

void addWords(std::string& text, char const* what, Names const& names) {
  if (names.empty()) return;
  if (!text.empty()) text += "; ";
  text.append(what).append(": ").append(shortened(names));
}

void addFields(std::vector<LogField>& fields, char const* name, Names const& names) {
  auto const apart = std::min(names.size(), namesApart);
  for (std::size_t i = 0; i < apart; ++i) fields.push_back({name, names[i]});
  if (apart == names.size()) return;
  fields.push_back({name, join(names, apart, names.size(), ",")});
}

}  // namespace

std::string shortened(Names const& names) {
  auto const shown = std::min(names.size(), namesShown);
  auto text = join(names, 0, shown, ", ");
  if (shown < names.size()) text += " and " + std::to_string(names.size() - shown) + " more";
  return text;
}

std::string keyWordsOf(core::KeyChanges const& changes) {
  if (changes.none()) return "no key changed";
  std::string text;
  addWords(text, "keys added", changes.added);
  addWords(text, "keys changed", changes.changed);
  addWords(text, "keys removed", changes.removed);
  addWords(text, "keys put back", changes.restored);
  // A restart and a change of the leader forget what was applied.
  addWords(text,
           changes.firstWrite
               ? "which of these changed is not known since the restart or change of leader"
               : "which of these changed is not known",
           changes.unknown);
  return text;
}

void addKeyFields(std::vector<LogField>& fields, core::KeyChanges const& changes) {
  addFields(fields, "KMS_SECRETD_KEYS_ADDED", changes.added);
  addFields(fields, "KMS_SECRETD_KEYS_CHANGED", changes.changed);
  addFields(fields, "KMS_SECRETD_KEYS_REMOVED", changes.removed);
  addFields(fields, "KMS_SECRETD_KEYS_PUT_BACK", changes.restored);
  addFields(fields, "KMS_SECRETD_KEYS_UNKNOWN", changes.unknown);
}

}  // namespace kms_secretd::report

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "core/key_changes.hpp"
#include "report/log.hpp"

namespace kms_secretd::report {

/// How many names of one list a sentence shows before it only counts.
inline constexpr std::size_t namesShown = 8;
/// How many names of one list have a journal field each; the rest shares one. The journal drops an
/// entry of more than 1024 fields.
inline constexpr std::size_t namesApart = 100;

/// The first names and how many more there are: "a, b and 12 more".
[[nodiscard]] std::string shortened(std::vector<std::string> const& names);
/// "keys added: a; keys changed: b, c", or "no key changed". Names only.
[[nodiscard]] std::string keyWordsOf(core::KeyChanges const& changes);
/// KMS_SECRETD_KEYS_ADDED and so on, once for each name; no field for an empty list.
void addKeyFields(std::vector<LogField>& fields, core::KeyChanges const& changes);

}  // namespace kms_secretd::report

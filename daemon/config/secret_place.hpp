// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <kms-secretd/options.hpp>

namespace kms_secretd::config {

/// What `{ <key> = "..." }` names; nothing if it is none of file, credential, env, inline.
[[nodiscard]] std::optional<sdk::SecretRef::Kind> secretKind(std::string_view key) noexcept;

/// What is wrong with a place, and how to mend it. Never the text of an inline secret.
struct PlaceFault {
  std::string what{};
  std::string hint{};
};

/// Looks at the form of a place only: offline, and the file may not exist yet. `inlineRefusal` is
/// why the configuration file may not hold secrets itself; empty if it may (rules 9).
[[nodiscard]] std::optional<PlaceFault> secretPlaceFault(sdk::SecretRef const& ref,
                                                         std::string const& inlineRefusal);

}  // namespace kms_secretd::config

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>

#include <kms-secretd/options.hpp>

/// Short forms of option declarations, for constexpr tables.
namespace kms_secretd::config::declare {

constexpr sdk::OptionDeclaration optional(char const* name, sdk::OptionType type,
                                          char const* defaultText, char const* help) {
  return {name, type, false, defaultText, help, nullptr, nullptr, 0};
}

constexpr sdk::OptionDeclaration required(char const* name, sdk::OptionType type,
                                          char const* help) {
  return {name, type, true, nullptr, help, nullptr, nullptr, 0};
}

constexpr sdk::OptionDeclaration choice(char const* name, char const* defaultText,
                                        char const* const* choices, char const* help) {
  return {name, sdk::OptionType::enumeration, false, defaultText, help, choices, nullptr, 0};
}

template <std::size_t N>
constexpr sdk::OptionDeclaration nested(char const* name, sdk::OptionType type, bool isRequired,
                                        std::array<sdk::OptionDeclaration, N> const& members,
                                        char const* help) {
  return {name, type, isRequired, nullptr, help, nullptr, members.data(), N};
}

}  // namespace kms_secretd::config::declare

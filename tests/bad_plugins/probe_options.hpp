// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <kms-secretd/options.hpp>

// Every type of option, nested ones too.

namespace kms_secretd::bad_plugins {

inline constexpr char const* probeModes[] = {"slow", "fast", nullptr};

inline constexpr sdk::OptionDeclaration probeInner[] = {
    {"leaf", sdk::OptionType::string, false, "green", "A leaf.", nullptr, nullptr, 0}};

inline constexpr sdk::OptionDeclaration probeNested[] = {
    {"inner", sdk::OptionType::table, false, nullptr, "A table.", nullptr, probeInner, 1}};

inline constexpr sdk::OptionDeclaration probeRow[] = {
    {"id", sdk::OptionType::string, true, nullptr, "Which row.", nullptr, nullptr, 0}};

inline constexpr sdk::OptionDeclaration probeOptions[] = {
    {"text", sdk::OptionType::string, false, "hello", "Text.", nullptr, nullptr, 0},
    {"flag", sdk::OptionType::boolean, false, "true", "A flag.", nullptr, nullptr, 0},
    {"count", sdk::OptionType::integer, false, "-7", "A count.", nullptr, nullptr, 0},
    {"duration", sdk::OptionType::duration, false, "1m30s", "A time.", nullptr, nullptr, 0},
    {"size", sdk::OptionType::size, false, "4KiB", "A size.", nullptr, nullptr, 0},
    {"mode", sdk::OptionType::enumeration, false, "fast", "A mode.", probeModes, nullptr, 0},
    {"credential", sdk::OptionType::secret, false, nullptr, "A secret.", nullptr, nullptr, 0},
    {"list", sdk::OptionType::list, false, R"(["a", "b"])", "A list.", nullptr, nullptr, 0},
    {"nested", sdk::OptionType::table, false, nullptr, "Tables.", nullptr, probeNested, 1},
    {"rows", sdk::OptionType::table_list, false, nullptr, "Rows.", nullptr, probeRow, 1},
    {"throw", sdk::OptionType::string, false, nullptr, "Throws if given.", nullptr, nullptr, 0}};

}  // namespace kms_secretd::bad_plugins

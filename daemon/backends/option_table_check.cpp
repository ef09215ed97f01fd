// SPDX-License-Identifier: Apache-2.0
#include "backends/option_table_check.hpp"

#include <algorithm>
#include <set>
#include <string>
#include <string_view>

#include "backends/default_text.hpp"
#include "backends/printable.hpp"

namespace kms_secretd::backends {

namespace {

using sdk::OptionDeclaration;
using sdk::OptionType;

constexpr std::size_t maxNameBytes = 64;
constexpr std::size_t maxHelpBytes = 1024;
constexpr std::size_t maxTextBytes = 1024;
constexpr std::size_t maxChoices = 64;

bool isKey(std::string_view name) noexcept {
  constexpr std::string_view letters = "abcdefghijklmnopqrstuvwxyz";
  return !name.empty() && letters.find(name.front()) != std::string_view::npos &&
         name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_") == std::string_view::npos;
}

bool isTable(OptionType type) noexcept {
  return type == OptionType::table || type == OptionType::table_list;
}

/// One walk over a declared tree; the path names the option in refusals.
class Walk {
 public:
  Check table(OptionTable const& table, std::string const& path, std::size_t depth) {
    if (auto check = size(table, path, depth)) return check;
    std::set<std::string> names;
    for (std::size_t at = 0; at < table.count; ++at) {
      auto const& option = table.options[at];
      auto const name = boundedText(option.name, maxNameBytes + 1);
      if (auto check = key(option, name, path)) return check;
      auto const full = std::string(path).append(name);
      if (!names.insert(name).second) {
        return Refusal{"option \"" + full + "\" declared twice", "each option once"};
      }
      if (auto check = one(option, full, depth)) return check;
    }
    return std::nullopt;
  }

 private:
  Check size(OptionTable const& table, std::string const& path, std::size_t depth) {
    auto const where = path.empty() ? std::string("its own options") : "the options of " + path;
    if (table.options == nullptr && table.count != 0) {
      return Refusal{"null for " + std::to_string(table.count) + " declared options in " + where,
                     "a table of options"};
    }
    if (depth > maxOptionDepth) {
      return Refusal{"options nested deeper at \"" + path + "\"",
                     "at most " + std::to_string(maxOptionDepth) + " levels"};
    }
    if (table.count > maxOptionsPerTable) {
      return Refusal{std::to_string(table.count) + " options in " + where,
                     "at most " + std::to_string(maxOptionsPerTable)};
    }
    seen_ += table.count;
    if (seen_ > maxOptionsInAll) {
      return Refusal{std::to_string(seen_) + " options and more in all",
                     "at most " + std::to_string(maxOptionsInAll)};
    }
    return std::nullopt;
  }

  static Check key(OptionDeclaration const& option, std::string const& name,
                   std::string const& path) {
    if (option.name == nullptr) {
      return Refusal{"an option without a name in \"" + path + "\"", "a name for each option"};
    }
    if (name.size() <= maxNameBytes && isKey(name)) return std::nullopt;
    return Refusal{"an option named \"" + path + name + "\"",
                   "a key of at most 64 small letters, digits and \"_\", beginning with a letter"};
  }

  Check one(OptionDeclaration const& option, std::string const& path, std::size_t depth) {
    auto const quoted = "option \"" + path + "\"";
    if (option.type > OptionType::table_list) {
      return Refusal{quoted + " of type " + std::to_string(static_cast<unsigned>(option.type)),
                     "a type that this daemon knows (0 to 9)"};
    }
    if (option.help == nullptr || !isPrintable(option.help, maxHelpBytes)) {
      return Refusal{quoted + " without a line of help", "one printable line for the reference"};
    }
    if (auto check = choices(option, quoted)) return check;
    if (auto check = defaultText(option, quoted)) return check;
    return members(option, path, depth);
  }

  static Check choices(OptionDeclaration const& option, std::string const& quoted) {
    if (option.type != OptionType::enumeration) {
      if (option.choices == nullptr) return std::nullopt;
      return Refusal{quoted + " with choices", "choices for enumerations only"};
    }
    if (option.choices == nullptr || option.choices[0] == nullptr) {
      return Refusal{"enumeration " + quoted + " without choices", "at least one choice"};
    }
    std::set<std::string> seen;
    for (auto const* each = option.choices; *each != nullptr; ++each) {
      if (!isPrintable(*each, maxNameBytes) || !seen.insert(*each).second ||
          seen.size() > maxChoices) {
        return Refusal{quoted + " with choices that are too many, too long or the same",
                       "at most 64 different ones of at most 64 bytes"};
      }
    }
    return std::nullopt;
  }

  static Check defaultText(OptionDeclaration const& option, std::string const& quoted) {
    if (option.defaultText == nullptr) return std::nullopt;
    if (option.required) {
      return Refusal{"required " + quoted + " with a default", "one or the other"};
    }
    if (isPrintable(option.defaultText, maxTextBytes) && defaultParses(option)) {
      return std::nullopt;
    }
    return Refusal{"default '" + boundedText(option.defaultText, maxNameBytes) + "' of " + quoted,
                   "a text that its type can hold (secrets and tables have no default)"};
  }

  Check members(OptionDeclaration const& option, std::string const& path, std::size_t depth) {
    auto const present = option.members != nullptr || option.memberCount != 0;
    if (!isTable(option.type)) {
      if (!present) return std::nullopt;
      return Refusal{"option \"" + path + "\" with members", "members for tables only"};
    }
    if (option.memberCount == 0) {
      return Refusal{"table option \"" + path + "\" without members", "at least one member"};
    }
    return table({option.members, option.memberCount}, path + ".", depth + 1);
  }

  std::size_t seen_ = 0;
};

}  // namespace

Check checkOptions(OptionTable const& table) { return Walk().table(table, "", 1); }

}  // namespace kms_secretd::backends

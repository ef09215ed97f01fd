// SPDX-License-Identifier: Apache-2.0
#include "config/complete.hpp"

#include <algorithm>
#include <charconv>
#include <string_view>

#include "core/quantities.hpp"

namespace kms_secretd::config {

namespace {

using sdk::OptionType;
using sdk::OptionValue;

std::optional<OptionValue> boolean(std::string_view text) {
  if (text == "true") return OptionValue{true};
  if (text == "false") return OptionValue{false};
  return std::nullopt;
}

std::optional<OptionValue> integer(std::string_view text) {
  std::int64_t number = 0;
  auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return OptionValue{number};
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

/// `["a", "b"]`: the simple form only, no escapes, no commas inside.
std::optional<OptionValue> list(std::string_view text) {
  if (text.size() < 2 || text.front() != '[' || text.back() != ']') return std::nullopt;
  text = trimmed(text.substr(1, text.size() - 2));
  std::vector<std::string> words;
  while (!text.empty()) {
    auto const comma = std::min(text.find(','), text.size());
    auto const word = trimmed(text.substr(0, comma));
    if (word.size() < 2 || word.front() != '"' || word.back() != '"') return std::nullopt;
    words.emplace_back(word.substr(1, word.size() - 2));
    text.remove_prefix(std::min(comma + 1, text.size()));
  }
  return OptionValue{std::move(words)};
}

template <class T>
std::optional<OptionValue> wrapped(std::optional<T> const& value) {
  if (!value) return std::nullopt;
  return OptionValue{*value};
}

/// The help within a sentence.
std::string phrase(char const* help) {
  std::string text = help == nullptr ? "required" : help;
  if (text.ends_with('.')) text.pop_back();
  return text;
}

/// Completes nested tables; the defaults of options go straight into `options`.
class Completion {
 public:
  Completion(CheckedTable const& table, Findings& findings) : table_(table), findings_(findings) {}

  void fill(sdk::Options& options, Section const& section, std::string const& path) {
    for (auto const& option : section.declarations) {
      if (options.has(option.name)) {
        fillNested(options, option, {section, path});
      } else if (option.required) {
        if (!table_.origins.contains(dotted(path, option.name))) missing(option, {section, path});
      } else {
        fillAbsent(options, option, {section, path});
      }
    }
  }

 private:
  /// The table that holds, or should hold, an option.
  struct Place {
    Section const& section;
    std::string const& path;
  };

  void missing(sdk::OptionDeclaration const& option, Place const& place) {
    auto const& [section, path] = place;
    bool const table = option.type == OptionType::table || option.type == OptionType::table_list;
    auto const inner = section.inner(option);
    auto const example = inner.list ? "[[" + inner.path + "]]" : "[" + inner.path + "]";
    findings_.error(
        path.empty() ? table_.origin : table_.originOf(path),
        table ? example + " is missing" : shown(option.name) + " is missing " + section.where(),
        "add " + (table ? example : sample(option)) + " (" + phrase(option.help) + ")");
  }

  void fillNested(sdk::Options& options, sdk::OptionDeclaration const& option, Place const& place) {
    if (membersOf(option).empty()) return;
    auto tables = options.tables(option.name);
    auto const inner = place.section.inner(option);
    auto const path = dotted(place.path, option.name);
    for (std::size_t i = 0; i < tables.size(); ++i) {
      fill(tables[i], inner, inner.list ? indexed(path, i) : path);
    }
    options.set(option.name, {std::move(tables)});
  }

  void fillAbsent(sdk::Options& options, sdk::OptionDeclaration const& option, Place const& place) {
    if (auto value = defaultOf(option)) {
      options.set(option.name, std::move(*value));
    } else if (option.type == OptionType::table && hasOnlyDefaults(option)) {
      sdk::Options table;
      fill(table, place.section.inner(option), dotted(place.path, option.name));
      options.set(option.name, {std::vector{std::move(table)}});
    }
  }

  static bool hasOnlyDefaults(sdk::OptionDeclaration const& option) {
    auto const members = membersOf(option);
    auto const has = [](auto const& member) {
      return member.defaultText != nullptr || hasOnlyDefaults(member);
    };
    return std::ranges::none_of(members, &sdk::OptionDeclaration::required) &&
           std::ranges::any_of(members, has);
  }

  CheckedTable const& table_;
  Findings& findings_;
};

}  // namespace

std::optional<OptionValue> defaultOf(sdk::OptionDeclaration const& option) {
  if (option.defaultText == nullptr) return std::nullopt;
  std::string const text = option.defaultText;
  switch (option.type) {
    case OptionType::string:
    case OptionType::enumeration:
      return OptionValue{text};
    case OptionType::boolean:
      return boolean(text);
    case OptionType::integer:
      return integer(text);
    case OptionType::duration:
      return wrapped(core::parseDuration(text));
    case OptionType::size:
      return wrapped(core::parseSize(text));
    case OptionType::list:
      return list(text);
    case OptionType::secret:
    case OptionType::table:
    case OptionType::table_list:
      return std::nullopt;
  }
  return std::nullopt;
}

void complete(CheckedTable& table, Section const& section, Findings& findings) {
  auto options = std::move(table.options);
  Completion(table, findings).fill(options, section, "");
  table.options = std::move(options);
}

}  // namespace kms_secretd::config

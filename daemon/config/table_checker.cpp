// SPDX-License-Identifier: Apache-2.0
#include "config/table_checker.hpp"

#include <algorithm>
#include <utility>

#include "config/advice.hpp"
#include "config/secret_place.hpp"
#include "core/nearest.hpp"
#include "core/quantities.hpp"

namespace kms_secretd::config {

namespace {

using sdk::OptionType;

std::string named(sdk::OptionDeclaration const& option, Section const& section) {
  return shown(option.name) + " " + section.where();
}

std::string typeOf(toml::node const& node) {
  switch (node.type()) {
    case toml::node_type::table:
      return "a table";
    case toml::node_type::array:
      return "a list";
    case toml::node_type::string:
      return "text";
    case toml::node_type::integer:
      return "a whole number";
    case toml::node_type::floating_point:
      return "a number with a fraction";
    case toml::node_type::boolean:
      return "true or false";
    default:
      return "a date or time";
  }
}

std::string hintForType(sdk::OptionDeclaration const& option, toml::node const& node,
                        Section const& section) {
  auto const path = dotted(section.path, option.name);
  if (option.type == OptionType::table && node.is_array()) {
    return "write [" + path + "] once, with single brackets";
  }
  if (option.type == OptionType::table_list && node.is_table()) {
    return "write [[" + path + "]] with double brackets";
  }
  return "write " + sample(option);
}

}  // namespace

CheckedTable TableChecker::check(toml::table const& table, Section const& section) {
  result_ = {};
  result_.origin = file_.at(table.source());
  result_.options = walk(table, section, "");
  return std::move(result_);
}

sdk::Options TableChecker::walk(toml::table const& table, Section const& section,
                                std::string const& prefix) {
  sdk::Options options;
  for (auto const& [key, node] : table) {
    auto const* option = findDeclaration(section.declarations, key.str());
    if (option == nullptr) {
      unknown(key, section);
      continue;
    }
    auto path = dotted(prefix, key.str());
    result_.origins[path] = file_.at(key.source());
    auto value = read({*option, node, section, std::move(path)});
    if (value) options.set(std::string(key.str()), std::move(*value));
  }
  return options;
}

void TableChecker::unknown(toml::key const& key, Section const& section) {
  bool const top = section.path.empty();
  if (unknownAllowed_ || (top && std::ranges::find(apart_, key.str()) != apart_.end())) return;
  file_.findings.error(file_.at(key.source()),
                       "unknown key " + shown(key.str()) + " " + section.where(),
                       adviceFor(key.str(), section, top ? apart_ : std::vector<std::string>{}));
}

TableChecker::Value TableChecker::read(Entry const& entry) {
  switch (entry.option.type) {
    case OptionType::string:
      return readText(entry);
    case OptionType::boolean:
      if (auto const* value = entry.node.as_boolean()) return value->get();
      return wrongType(entry);
    case OptionType::integer:
      return readInteger(entry);
    case OptionType::duration:
      return readDuration(entry);
    case OptionType::size:
      return readSize(entry);
    case OptionType::enumeration:
      return readChoice(entry);
    case OptionType::secret:
      return readSecret(entry);
    case OptionType::list:
      return readList(entry);
    case OptionType::table:
      return readTable(entry);
    case OptionType::table_list:
      return readTables(entry);
  }
  return std::nullopt;
}

TableChecker::Value TableChecker::wrongType(Entry const& entry) {
  return refuse(entry,
                named(entry.option, entry.section) + " is " + typeOf(entry.node) + ", not " +
                    typeWords(entry.option),
                hintForType(entry.option, entry.node, entry.section));
}

TableChecker::Value TableChecker::refuse(Entry const& entry, std::string what, std::string hint) {
  file_.findings.error(file_.at(entry.node.source()), std::move(what), std::move(hint));
  return std::nullopt;
}

std::optional<std::string> TableChecker::textOf(Entry const& entry, toml::node const& node) {
  auto const* value = node.as_string();
  if (value == nullptr) {
    wrongType(entry);
    return std::nullopt;
  }
  if (value->get().find('\0') != std::string::npos) {
    refuse(entry, named(entry.option, entry.section) + " holds a NUL character", "remove it");
    return std::nullopt;
  }
  return value->get();
}

TableChecker::Value TableChecker::readText(Entry const& entry) {
  result_.textOrigins[entry.path] = file_.at(entry.node.source());
  if (auto text = textOf(entry, entry.node)) return std::move(*text);
  return std::nullopt;
}

TableChecker::Value TableChecker::readInteger(Entry const& entry) {
  if (auto const* value = entry.node.as_integer()) return value->get();
  return wrongType(entry);
}

TableChecker::Value TableChecker::readDuration(Entry const& entry) {
  auto const* value = entry.node.as_string();
  if (value == nullptr) return wrongType(entry);
  if (auto const duration = core::parseDuration(value->get())) return *duration;
  return refuse(entry,
                named(entry.option, entry.section) + ": " + shown(value->get()) + " is no duration",
                "write whole numbers with the units d, h, m, s, ms from large to small, such as "
                "\"120s\" or \"1h30m\"");
}

TableChecker::Value TableChecker::readSize(Entry const& entry) {
  auto const* number = entry.node.as_integer();
  if (number != nullptr && number->get() >= 0) return number->get();
  auto const* value = entry.node.as_string();
  if (value == nullptr) return wrongType(entry);
  if (auto const size = core::parseSize(value->get())) return *size;
  return refuse(entry,
                named(entry.option, entry.section) + ": " + shown(value->get()) + " is no size",
                "write a whole number with B, KiB, MiB or GiB, such as \"512KiB\"");
}

TableChecker::Value TableChecker::readChoice(Entry const& entry) {
  auto const* value = entry.node.as_string();
  if (value == nullptr) return wrongType(entry);
  auto const choices = choicesOf(entry.option);
  if (std::ranges::find(choices, value->get()) != choices.end()) return value->get();
  auto const near = core::nearest(value->get(), choices);
  auto const mend = near ? "write " + std::string(entry.option.name) + " = \"" + *near + '"'
                         : std::string("choose one of them");
  auto const what = named(entry.option, entry.section) + " is " + shown(value->get()) + ", not " +
                    typeWords(entry.option);
  return refuse(entry, what, mend);
}

TableChecker::Value TableChecker::readSecret(Entry const& entry) {
  auto const* table = entry.node.as_table();
  if (table == nullptr) return wrongType(entry);
  auto const what = named(entry.option, entry.section);
  for (auto const& [key, node] : *table) {
    if (secretKind(key.str())) continue;
    file_.findings.error(file_.at(key.source()), "unknown key " + shown(key.str()) + " of " + what,
                         "a secret comes from exactly one of file, credential, env or inline");
    return std::nullopt;
  }
  if (table->size() != 1) {
    return refuse(entry, what + (table->empty() ? " names no place" : " names several places"),
                  "a secret comes from exactly one of file, credential, env or inline");
  }
  auto const only = table->begin();  // it owns the pair that it points to
  auto const& [key, node] = *only;
  auto text = textOf({entry.option, node, entry.section, entry.path}, node);
  if (!text) return std::nullopt;
  if (auto ref = secretOf(entry, std::string(key.str()), std::move(*text))) return *ref;
  return std::nullopt;
}

std::optional<sdk::SecretRef> TableChecker::secretOf(Entry const& entry, std::string const& kind,
                                                     std::string text) {
  sdk::SecretRef ref{.kind = *secretKind(kind), .value = std::move(text)};
  auto const fault = secretPlaceFault(ref, file_.source.inlineRefusal);
  if (!fault) return ref;
  refuse(entry, named(entry.option, entry.section) + ": " + fault->what, fault->hint);
  return std::nullopt;
}

TableChecker::Value TableChecker::readList(Entry const& entry) {
  auto const* array = entry.node.as_array();
  if (array == nullptr) return wrongType(entry);
  std::vector<std::string> texts;
  for (auto const& element : *array) {
    if (!element.is_string()) {
      return refuse({entry.option, element, entry.section, entry.path},
                    "an entry of " + named(entry.option, entry.section) + " is " + typeOf(element) +
                        ", not text",
                    "put it in double quotes");
    }
    auto text = textOf({entry.option, element, entry.section, entry.path}, element);
    if (!text) return std::nullopt;
    result_.textOrigins[indexed(entry.path, texts.size())] = file_.at(element.source());
    texts.push_back(std::move(*text));
  }
  return texts;
}

TableChecker::Value TableChecker::readTable(Entry const& entry) {
  auto const* table = entry.node.as_table();
  if (table == nullptr) return wrongType(entry);
  if (isFreeTable(entry.option)) return readFreeTable(entry, *table);
  return std::vector{walk(*table, entry.section.inner(entry.option), entry.path)};
}

TableChecker::Value TableChecker::readFreeTable(Entry const& entry, toml::table const& table) {
  sdk::Options options;
  auto& texts = result_.freeTables[entry.path];
  for (auto const& [key, node] : table) {
    std::string const name(key.str());
    result_.origins[dotted(entry.path, name)] = file_.at(key.source());
    if (!node.is_string()) {
      file_.findings.error(file_.at(node.source()),
                           shown(name) + " " + entry.section.inner(entry.option).where() + " is " +
                               typeOf(node) + ", not text",
                           "put the value in double quotes; a name with dots needs them too");
      continue;
    }
    if (auto text = textOf(entry, node)) {
      texts[name] = *text;
      options.set(name, {std::move(*text)});
    }
  }
  return std::vector{options};
}

TableChecker::Value TableChecker::readTables(Entry const& entry) {
  auto const* array = entry.node.as_array();
  if (array == nullptr) return wrongType(entry);
  std::vector<sdk::Options> tables;
  auto const section = entry.section.inner(entry.option);
  for (auto const& element : *array) {
    if (!element.is_table()) return wrongType({entry.option, element, entry.section, entry.path});
    auto const path = indexed(entry.path, tables.size());
    result_.origins[path] = file_.at(element.source());
    tables.push_back(walk(*element.as_table(), section, path));
  }
  return tables;
}

}  // namespace kms_secretd::config

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "config/section.hpp"
#include "config/syntax.hpp"

namespace kms_secretd::config {

/// Walks one TOML table along its declarations: unknown keys, wrong types, enumerations, durations,
/// sizes, secret sources, nested tables. The one validator for the daemon's options and for those
/// of the backends. Fills no defaults, see complete().
class TableChecker {
 public:
  explicit TableChecker(FileContext const& file) : file_(file) {}

  /// Keys that another reader takes: known, but not looked at.
  void leaveApart(std::vector<std::string> names) { apart_ = std::move(names); }
  /// Unknown keys are no error: their declarations could not be had.
  void allowUnknown() { unknownAllowed_ = true; }

  /// The values that are well formed; the others are among the findings.
  [[nodiscard]] CheckedTable check(toml::table const& table, Section const& section);

 private:
  /// One value on its way: what it should be, what it is, and where it goes.
  struct Entry {
    sdk::OptionDeclaration const& option;
    toml::node const& node;
    Section const& section;
    std::string path;  ///< within the checked table
  };
  using Value = std::optional<sdk::OptionValue::Variant>;

  sdk::Options walk(toml::table const& table, Section const& section, std::string const& prefix);
  void unknown(toml::key const& key, Section const& section);
  Value read(Entry const& entry);
  Value readText(Entry const& entry);
  Value readInteger(Entry const& entry);
  Value readDuration(Entry const& entry);
  Value readSize(Entry const& entry);
  Value readChoice(Entry const& entry);
  Value readSecret(Entry const& entry);
  Value readList(Entry const& entry);
  Value readTable(Entry const& entry);
  Value readFreeTable(Entry const& entry, toml::table const& table);
  Value readTables(Entry const& entry);
  Value wrongType(Entry const& entry);
  Value refuse(Entry const& entry, std::string what, std::string hint);
  std::optional<std::string> textOf(Entry const& entry, toml::node const& node);
  std::optional<sdk::SecretRef> secretOf(Entry const& entry, std::string const& kind,
                                         std::string text);

  FileContext file_;
  std::vector<std::string> apart_{};
  bool unknownAllowed_ = false;
  CheckedTable result_{};
};

}  // namespace kms_secretd::config

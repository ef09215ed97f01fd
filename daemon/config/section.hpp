// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>

#include "config/declarations.hpp"
#include "core/names.hpp"

namespace kms_secretd::config {

/// Which table is meant, in words of the file.
struct Section {
  std::string path{};     ///< dotted TOML path: "store.shared.auth"; empty = the top of the file
  bool list = false;      ///< written [[path]]
  std::string generic{};  ///< the path without chosen names: "store.auth"; to look up advice
  Declarations declarations{};

  /// "at the top of the file", "in [polling]", "in [[secret]]".
  [[nodiscard]] std::string where() const;
  /// The table that `declaration` names inside this one.
  [[nodiscard]] Section inner(sdk::OptionDeclaration const& declaration) const;
};

/// A table after validation: values, and where each was written.
struct CheckedTable {
  sdk::Options options{};
  std::map<std::string, core::Origin> origins{};      ///< by dotted path: "auth.id", "data[0].key"
  std::map<std::string, core::Origin> textOrigins{};  ///< of the text itself, with its quotes
  std::map<std::string, std::map<std::string, std::string>> freeTables{};  ///< by dotted path
  core::Origin origin{};

  /// Where the value at `path` was written; the table's own place if it was not.
  [[nodiscard]] core::Origin const& originOf(std::string const& path) const;
};

/// "prefix.name", or "name" where there is no prefix.
[[nodiscard]] std::string dotted(std::string const& prefix, std::string_view name);

/// "prefix[index]".
[[nodiscard]] std::string indexed(std::string const& prefix, std::size_t index);

/// How one would write the option: `timeout = "15s"`.
[[nodiscard]] std::string sample(sdk::OptionDeclaration const& declaration);

/// "text", "a duration like \"120s\"": what the option must be.
[[nodiscard]] std::string typeWords(sdk::OptionDeclaration const& declaration);

/// The words of an enumeration.
[[nodiscard]] std::vector<std::string> choicesOf(sdk::OptionDeclaration const& declaration);

}  // namespace kms_secretd::config

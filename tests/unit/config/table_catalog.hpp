// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include <kms-secretd/options.hpp>

#include "config/catalog.hpp"
#include "config/declarations.hpp"
#include "config/load.hpp"

namespace kms_secretd::config_test {

/// A catalogue of made-up backends that have every type of option: "kms-endpoint", "file", "every";
/// "broken" cannot be loaded and "clashing" declares an option that every store has.
class TableCatalog final : public config::BackendCatalog {
 public:
  [[nodiscard]] config::BackendLookup find(std::string const& name) override;
};

/// The options of "every": one of each type, nested, with and without defaults.
[[nodiscard]] config::Declarations everyOption() noexcept;

/// Stands for SHA-256: the text itself, so that tests see what would be hashed.
[[nodiscard]] std::string plainHash(std::string_view text);

/// Loads texts named "main.toml", "conf.d/1.toml", ... in which inline secrets are accepted.
[[nodiscard]] config::LoadResult loadAll(std::vector<std::string> const& texts);

/// Loads one text that must be without problems; the test fails if there are any.
[[nodiscard]] core::Config loadGood(std::string const& text);

/// The lines of a valid configuration up to its first [[secret]]: [kubernetes] and a store "kms".
[[nodiscard]] std::string preface();

/// The problems as lines.
[[nodiscard]] std::vector<std::string> linesOf(std::vector<config::Problem> const& problems);

}  // namespace kms_secretd::config_test

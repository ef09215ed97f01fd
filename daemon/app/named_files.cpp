// SPDX-License-Identifier: Apache-2.0
#include "app/named_files.hpp"

#include <variant>
#include <vector>

namespace kms_secretd::app {
namespace {

void add(NamedFiles& files, std::string const& text) {
  if (!text.starts_with('/')) return;
  if (auto const facts = platform::inspectFile(text)) files.emplace(text, facts.value().identity);
}

void add(NamedFiles& files, sdk::Options const& options) {
  for (auto const& [name, option] : options.values()) {
    auto const& value = option.variant();
    if (auto const* text = std::get_if<std::string>(&value)) add(files, *text);
    if (auto const* texts = std::get_if<std::vector<std::string>>(&value)) {
      for (auto const& each : *texts) add(files, each);
    }
    if (auto const* tables = std::get_if<std::vector<sdk::Options>>(&value)) {
      for (auto const& each : *tables) add(files, each);
    }
  }
}

}  // namespace

NamedFiles namedFiles(sdk::Options const& options) {
  NamedFiles files;
  add(files, options);
  return files;
}

}  // namespace kms_secretd::app

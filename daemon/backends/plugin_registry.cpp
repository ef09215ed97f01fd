// SPDX-License-Identifier: Apache-2.0
#include "backends/plugin_registry.hpp"

#include <algorithm>
#include <filesystem>
#include <numeric>
#include <string_view>
#include <system_error>
#include <utility>

#include "backends/printable.hpp"

namespace kms_secretd::backends {

namespace {

constexpr std::size_t maxShownBytes = 64;

/// Letters to insert, delete or replace to get from `a` to `b` (row by row, Levenshtein).
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    auto diagonal = std::exchange(row[0], i);
    for (std::size_t j = 1; j <= b.size(); ++j) {
      auto const replaced = diagonal + (a[i - 1] == b[j - 1] ? 0U : 1U);
      diagonal = std::exchange(row[j], std::min({replaced, row[j] + 1, row[j - 1] + 1}));
    }
  }
  return row[b.size()];
}

/// The name that was probably meant, or empty: at most a third of its letters differ.
std::string nearest(std::string const& wanted, std::vector<std::string> const& names) {
  std::string best;
  auto least = std::max<std::size_t>(wanted.size() / 3, 1) + 1;
  for (auto const& each : names) {
    auto const differing = distance(wanted, each);
    if (differing < least) best = each;
    least = std::min(least, differing);
  }
  return best;
}

std::string listed(std::vector<std::string> const& names) {
  std::string text;
  for (auto const& each : names) text += (text.empty() ? "" : ", ") + each;
  return text.empty() ? "no plugin" : text;
}

}  // namespace

std::vector<std::string> PluginRegistry::names() const {
  std::vector<std::string> names;
  std::error_code error;
  std::filesystem::directory_iterator at(directory_.path, error);
  for (; !error && at != std::filesystem::directory_iterator{}; at.increment(error)) {
    auto const& path = at->path();
    if (path.extension() == ".so" && isPluginName(path.stem().string())) {
      names.push_back(path.stem().string());
    }
  }
  std::ranges::sort(names);
  return names;
}

PluginError PluginRegistry::unknown(std::string const& name) const {
  auto const there = names();
  auto const near = nearest(name.substr(0, maxShownBytes), there);
  auto sentence = "there is no plugin \"" + printable(name, maxShownBytes) + "\" in " +
                  directory_.path + ", which holds " + listed(there);
  if (!near.empty()) sentence += "; did you mean \"" + near + "\"?";
  return PluginError(sentence);
}

std::shared_ptr<PluginLibrary const> PluginRegistry::load(std::string const& name) {
  if (auto const at = loaded_.find(name); at != loaded_.end()) return at->second;
  auto const file = std::filesystem::path(directory_.path) / (name + ".so");
  std::error_code error;
  auto const there = isPluginName(name) && std::filesystem::symlink_status(file, error).type() !=
                                               std::filesystem::file_type::not_found;
  if (!there) throw unknown(name);
  return loaded_.emplace(name, PluginLibrary::load(directory_, name)).first->second;
}

}  // namespace kms_secretd::backends

// SPDX-License-Identifier: Apache-2.0
#include "backends/plugin_registry.hpp"

#include <algorithm>
#include <filesystem>
#include <system_error>
#include <utility>

#include "backends/printable.hpp"
#include "core/nearest.hpp"

namespace kms_secretd::backends {

namespace {

constexpr std::size_t maxShownBytes = 64;

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
  auto const near = core::nearest(name, there);
  auto sentence = "there is no plugin \"" + printable(name, maxShownBytes) + "\" in " +
                  directory_.path + ", which holds " + listed(there);
  if (near) sentence += "; did you mean \"" + *near + "\"?";
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

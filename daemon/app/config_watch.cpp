// SPDX-License-Identifier: Apache-2.0
#include "app/config_watch.hpp"

#include <algorithm>
#include <filesystem>

namespace kms_secretd::app {
namespace {

std::string directoryOf(std::string const& file) {
  auto const parent = std::filesystem::path(file).parent_path().string();
  return parent.empty() ? "." : parent;
}

}  // namespace

ConfigWatch::ConfigWatch(std::string const& mainFile)
    : mainFile_(directoryOf(mainFile) + "/" + std::filesystem::path(mainFile).filename().string()),
      partsDirectory_(directoryOf(mainFile) + "/conf.d"),
      watch_({directoryOf(mainFile), partsDirectory_}) {}

bool ConfigWatch::concerns(std::string const& path) const {
  if (path == mainFile_ || path == partsDirectory_) return true;
  return path.starts_with(partsDirectory_ + "/") && path.ends_with(".toml");
}

bool ConfigWatch::due(sdk::BootTime now) {
  auto const changed = watch_.take();
  if (std::ranges::any_of(changed, [this](auto const& path) { return concerns(path); })) {
    if (!first_) first_ = now;
    last_ = now;
  }
  auto const next = nextLook();
  if (!next || now < *next) return false;
  first_.reset();
  return true;
}

std::optional<sdk::BootTime> ConfigWatch::nextLook() const {
  if (!first_) return std::nullopt;
  return std::min(last_ + quiet, *first_ + longestDelay);
}

}  // namespace kms_secretd::app

// SPDX-License-Identifier: Apache-2.0
#include "app/outdated_credentials.hpp"

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <utility>

#include "platform/loaded_credentials.hpp"

namespace kms_secretd::app {

OutdatedCredentials::OutdatedCredentials(std::string directory,
                                         std::map<std::string, std::string> sources)
    : directory_(std::move(directory)), sources_(std::move(sources)) {}

OutdatedCredentials OutdatedCredentials::ofThisUnit() {
  auto const* const directory = std::getenv("CREDENTIALS_DIRECTORY");
  if (directory == nullptr) return {{}, {}};
  std::ifstream in("/proc/self/cgroup");
  auto const unit = platform::unitOf({std::istreambuf_iterator<char>(in), {}});
  return {directory, platform::credentialSources(unit, {})};
}

std::optional<std::string> OutdatedCredentials::look() {
  if (directory_.empty()) return std::nullopt;
  auto names = platform::outdatedCredentials(directory_, sources_);
  if (names == known_) return std::nullopt;
  known_ = std::move(names);
  status_.clear();
  if (known_.empty()) return std::nullopt;
  std::string list;
  for (auto const& name : known_) list.append(list.empty() ? "" : ", ").append(name);
  status_ = "; newer than loaded: credential " + list;
  return "the source of credential " + list +
         " was written after systemd loaded it, and the daemon still works with the old one: "
         "systemctl restart kms-secretd takes the new one";
}

}  // namespace kms_secretd::app

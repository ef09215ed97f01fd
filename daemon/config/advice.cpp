// SPDX-License-Identifier: Apache-2.0
#include "config/advice.hpp"

#include <array>
#include <optional>

#include "config/problem.hpp"
#include "core/nearest.hpp"

namespace kms_secretd::config {

namespace {

struct KnownMistake {
  std::string_view section;  ///< generic path
  std::string_view key;
  std::string_view advice;
};

/// Keys that users bring along from ack-secret-manager or from the way the keys sound.
constexpr std::array knownMistakes{
    KnownMistake{"secret.data", "name",
                 "'source' is the name in KMS, 'key' is the key in the Kubernetes Secret"},
    KnownMistake{"secret", "rotationInterval", "the key is 'interval'"},
    KnownMistake{"secret", "rotation_interval", "the key is 'interval'"},
    KnownMistake{"secret", "secretStoreRef", "write store = \"<name>\""},
    KnownMistake{"secret.data", "secretStoreRef", "write store = \"<name>\""},
    KnownMistake{"secret.data", "kmsEndpoint",
                 "the endpoint belongs to a store: make a [store.<name>] with it and name it here"},
    KnownMistake{"secret", "key", "keys belong in [[secret.data]]"},
    KnownMistake{"secret.data_process.extract", "key",
                 "'source' is the name in KMS; each member's name is its key"},
    KnownMistake{"secret.data_process.extract", "name",
                 "'source' is the name in KMS; each member's name is its key"},
    KnownMistake{"secret.data.jmes_path", "key", "the key is 'object_alias'"},
    KnownMistake{"polling", "disabled", "write enabled = false"},
    KnownMistake{"", "disablePolling", "write enabled = false in [polling]"},
    KnownMistake{"polling", "disablePolling", "write enabled = false"},
    KnownMistake{"", "pollingInterval", "write interval in [polling]"},
    KnownMistake{"", "kmsEndpoint", "the endpoint belongs to a store, in [store.<name>]"},
};

std::optional<std::string> knownMistake(std::string_view key, Section const& section) {
  for (auto const& mistake : knownMistakes) {
    if (mistake.section == section.generic && mistake.key == key) {
      return std::string(mistake.advice);
    }
  }
  return std::nullopt;
}

/// Adds "[path]" for each table under `section` that declares `key`.
void findHomes(std::string_view key, Section const& section, std::vector<std::string>& homes) {
  for (auto const& option : section.declarations) {
    if (key == option.name) homes.push_back(section.where());
    if (!membersOf(option).empty()) findHomes(key, section.inner(option), homes);
  }
}

std::vector<std::string> homesOf(std::string_view key) {
  std::vector<std::string> homes;
  findHomes(key, {.declarations = settingsOptions()}, homes);
  findHomes(key, {.path = "defaults", .declarations = defaultsOptions()}, homes);
  findHomes(key, {.path = "secret", .list = true, .declarations = secretOptions()}, homes);
  findHomes(key, {.path = "cluster.<name>", .declarations = clusterOptions()}, homes);
  findHomes(key, {.path = "policy", .list = true, .declarations = policyOptions()}, homes);
  findHomes(key, {.path = "store.<name>", .declarations = storeOptions()}, homes);
  return homes;
}

std::vector<std::string> validKeys(Section const& section,
                                   std::vector<std::string> const& alsoValid) {
  std::vector<std::string> keys;
  for (auto const& option : section.declarations) keys.emplace_back(option.name);
  keys.insert(keys.end(), alsoValid.begin(), alsoValid.end());
  return keys;
}

}  // namespace

std::string adviceFor(std::string_view key, Section const& section,
                      std::vector<std::string> const& alsoValid) {
  if (auto const mistake = knownMistake(key, section)) return *mistake;
  auto const keys = validKeys(section, alsoValid);
  auto const near = core::nearest(key, keys);
  if (near) return "the nearest valid key is '" + *near + "': rename it or remove it";
  if (auto const homes = homesOf(key); !homes.empty()) {
    return "it belongs " + oneOf(homes) + ": move it there (a key belongs to the [table] above it)";
  }
  if (keys.empty()) return "remove it: this table has no keys";
  return "valid keys are " + oneOf(keys) + ": remove it or rename it";
}

}  // namespace kms_secretd::config

// SPDX-License-Identifier: Apache-2.0
#include "platform/loaded_credentials.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string_view>

#include "platform/files.hpp"

namespace kms_secretd::platform {
namespace {

using Sources = std::map<std::string, std::string>;

std::string found(std::string const& path, std::string const& name, UnitPlaces const& places) {
  if (path.starts_with('/')) return path;
  for (auto const& store : places.credentialStores) {
    auto candidate = store + "/" + (path.empty() ? name : path);
    if (inspectFile(candidate)) return candidate;
  }
  return {};
}

// "LoadCredential=name:path"; an empty assignment takes back all before it.
void readLine(std::string_view line, UnitPlaces const& places, Sources& sources) {
  for (std::string_view const key : {"LoadCredential=", "LoadCredentialEncrypted="}) {
    if (!line.starts_with(key)) continue;
    std::string const value(line.substr(key.size()));
    if (value.empty()) return sources.clear();
    auto const colon = value.find(':');
    auto const name = value.substr(0, colon);
    auto path = found(colon == std::string::npos ? "" : value.substr(colon + 1), name, places);
    if (!path.empty()) sources[name] = std::move(path);
  }
}

void readUnitFile(std::filesystem::path const& file, UnitPlaces const& places, Sources& sources) {
  std::ifstream in(file);
  for (std::string line; std::getline(in, line);) readLine(line, places, sources);
}

// A drop-in of a later directory replaces one of the same name; they apply in order of their names.
std::map<std::string, std::filesystem::path> dropIns(std::string const& unit,
                                                     UnitPlaces const& places) {
  std::map<std::string, std::filesystem::path> files;
  for (auto const& directory : places.unitDirectories) {
    std::error_code error;
    for (auto const& each :
         std::filesystem::directory_iterator(directory + "/" + unit + ".d", error)) {
      if (each.path().extension() == ".conf") files[each.path().filename()] = each.path();
    }
  }
  return files;
}

std::optional<std::int64_t> writtenAt(std::string const& path) {
  auto const facts = inspectFile(path);
  if (!facts) return std::nullopt;
  return facts.value().identity.modifiedNanoseconds;
}

}  // namespace

Sources credentialSources(std::string const& unit, UnitPlaces const& places) {
  Sources sources;
  std::filesystem::path last;
  for (auto const& directory : places.unitDirectories) {
    auto const file = std::filesystem::path(directory) / unit;
    std::error_code error;
    if (std::filesystem::exists(file, error)) last = file;
  }
  readUnitFile(last, places, sources);
  for (auto const& [name, file] : dropIns(unit, places)) readUnitFile(file, places, sources);
  return sources;
}

std::string unitOf(std::string const& cgroups) {
  auto line = cgroups.substr(0, cgroups.find('\n'));
  auto const end = line.rfind(".service");
  if (end == std::string::npos) return {};
  auto const begin = line.rfind('/', end);
  return line.substr(begin + 1, end + std::string_view(".service").size() - begin - 1);
}

std::vector<std::string> outdatedCredentials(std::string const& directory, Sources const& sources) {
  std::vector<std::string> names;
  for (auto const& [name, source] : sources) {
    auto const loaded = writtenAt(directory + "/" + name);
    auto const written = writtenAt(source);
    if (loaded && written && *written > *loaded) names.push_back(name);
  }
  return names;
}

}  // namespace kms_secretd::platform

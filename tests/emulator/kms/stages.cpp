// SPDX-License-Identifier: Apache-2.0
#include "emulator/kms/stages.hpp"

#include <algorithm>

namespace kms_secretd::emulator {
namespace {

void place(Versions& versions, std::string_view stage, std::string_view id) {
  dropStage(versions, stage);
  for (Version& version : versions) {
    if (version.id == id) version.stages.emplace_back(stage);
  }
}

}  // namespace

bool Version::has(std::string_view stage) const {
  return std::find(stages.begin(), stages.end(), stage) != stages.end();
}

const Version* findById(const Versions& versions, std::string_view id) {
  for (const Version& version : versions) {
    if (version.id == id) return &version;
  }
  return nullptr;
}

const Version* findByStage(const Versions& versions, std::string_view stage) {
  for (const Version& version : versions) {
    if (version.has(stage)) return &version;
  }
  return nullptr;
}

void moveStage(Versions& versions, std::string_view stage, std::string_view id) {
  const Version* former = findByStage(versions, stage);
  if (former != nullptr && former->id == id) return;
  const std::string formerId = former == nullptr ? "" : former->id;
  place(versions, stage, id);
  if (stage == kCurrent && !formerId.empty()) place(versions, kPrevious, formerId);
}

void dropStage(Versions& versions, std::string_view stage) {
  for (Version& version : versions) std::erase(version.stages, stage);
}

std::size_t countStages(const Versions& versions) {
  std::size_t count = 0;
  for (const Version& version : versions) count += version.stages.size();
  return count;
}

void trimVersions(Versions& versions, std::size_t most) {
  while (versions.size() > most) {
    const auto bare = std::find_if(versions.begin(), versions.end(),
                                   [](const Version& version) { return version.stages.empty(); });
    versions.erase(bare == versions.end() ? versions.begin() : bare);
  }
}

}  // namespace kms_secretd::emulator

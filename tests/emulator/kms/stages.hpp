// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace kms_secretd::emulator {

inline constexpr std::string_view kCurrent = "ACSCurrent";
inline constexpr std::string_view kPrevious = "ACSPrevious";

/// One version of a secret.
struct Version {
  std::string id;
  std::string data;
  std::string dataType;  // "text" or "binary" (then data is base64)
  std::int64_t createTime = 0;
  std::vector<std::string> stages;

  bool has(std::string_view stage) const;
};

/// Oldest first.
using Versions = std::vector<Version>;

/// The version of that id, or null.
const Version* findById(const Versions& versions, std::string_view id);
/// The version that carries the stage, or null.
const Version* findByStage(const Versions& versions, std::string_view stage);

/// Moves a label: afterwards exactly the version `id` carries it. Moving ACSCurrent gives
/// ACSPrevious to the version that was current (KMS protocol, version stages).
void moveStage(Versions& versions, std::string_view stage, std::string_view id);
/// Takes a label away from whatever version carries it.
void dropStage(Versions& versions, std::string_view stage);
/// Number of different labels in use.
std::size_t countStages(const Versions& versions);
/// Deletes the earliest versions beyond `most`; labelled ones are spared as long as unlabelled
/// ones are left (what the service does with labelled ones is not documented).
void trimVersions(Versions& versions, std::size_t most);

}  // namespace kms_secretd::emulator

// SPDX-License-Identifier: Apache-2.0
#include "emulator/kms/members.hpp"

#include "emulator/server_clock.hpp"

namespace kms_secretd::emulator {

boost::json::object stagesMember(const Version& version) {
  boost::json::array stages;
  for (const std::string& stage : version.stages) stages.emplace_back(stage);
  return {{"VersionStage", std::move(stages)}};
}

boost::json::object tagsMember(const Secret& secret) {
  boost::json::array tags;
  for (const auto& [key, value] : secret.tags) {
    tags.emplace_back(boost::json::object{{"TagKey", key}, {"TagValue", value}});
  }
  return {{"Tag", std::move(tags)}};
}

void addRotation(boost::json::object& into, const Secret& secret) {
  if (secret.lastRotation) into["LastRotationDate"] = formatTimestamp(*secret.lastRotation);
  if (!secret.managed() || secret.automaticRotation.empty()) return;
  into["AutomaticRotation"] = secret.automaticRotation;
  if (secret.automaticRotation == "Disabled") return;
  if (secret.nextRotation) into["NextRotationDate"] = formatTimestamp(*secret.nextRotation);
  if (!secret.rotationInterval.empty()) into["RotationInterval"] = secret.rotationInterval;
}

std::string arnOf(const Secret& secret, const Settings& settings) {
  return "acs:kms:" + settings.region + ":" + secret.account + ":secret/" + secret.name;
}

}  // namespace kms_secretd::emulator

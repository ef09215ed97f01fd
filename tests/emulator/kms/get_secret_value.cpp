// SPDX-License-Identifier: Apache-2.0
#include "emulator/kms/members.hpp"
#include "emulator/kms/operations.hpp"
#include "emulator/server_clock.hpp"

namespace kms_secretd::emulator {
namespace {

using Choice = std::variant<const Version*, ApiError>;

// Managed types ignore VersionId and know only the two built-in stages.
Choice chooseVersion(const Call& call, const Secret& secret) {
  const std::string id = secret.managed() ? "" : call.param("VersionId");
  std::string stage = call.param("VersionStage");
  if (stage.empty() && id.empty()) stage = kCurrent;
  if (secret.managed() && stage != kCurrent && stage != kPrevious) return resourceNotFound();
  const Version* version =
      id.empty() ? findByStage(secret.versions, stage) : findById(secret.versions, id);
  if (version == nullptr) return resourceNotFound();
  if (!id.empty() && !stage.empty() && !version->has(stage)) {
    return invalidParameter("VersionStage");
  }
  return version;
}

boost::json::object render(const Call& call, const Secret& secret, const Version& version) {
  const bool arn = call.settings.echoArn && call.param("SecretName").starts_with("acs:");
  boost::json::object out{{"SecretName", arn ? arnOf(secret, call.settings) : secret.name},
                          {"SecretType", secret.type},
                          {"SecretData", version.data},
                          {"SecretDataType", version.dataType},
                          {"VersionId", version.id},
                          {"VersionStages", stagesMember(version)},
                          {"CreateTime", formatTimestamp(secret.createTime)}};
  addRotation(out, secret);
  if (secret.managed() && call.param("FetchExtendedConfig") == "true") {
    out["ExtendedConfig"] = secret.extendedConfig.empty() ? "{}" : secret.extendedConfig;
  }
  return out;
}

Answer readValue(const Call& call) {
  if (auto refusal = checkAccess(call, "GetSecretValue")) return *refusal;
  const Secret& secret = *lookUp(call);
  if (secret.plannedDelete) {
    return kmsError(409, "Rejected.ResourceInDeleteWindow",
                    "The secret is scheduled to be deleted.");
  }
  const Choice choice = chooseVersion(call, secret);
  if (const auto* error = std::get_if<ApiError>(&choice)) return *error;
  return render(call, secret, *std::get<const Version*>(choice));
}

// A dry run always fails; the code tells what would have happened.
ApiError dryRunOutcome(const Answer& answer) {
  const auto* error = std::get_if<ApiError>(&answer);
  if (error == nullptr) {
    return kmsError(400, "DryRunOperationError", "The request would have succeeded.");
  }
  if (error->status == 403) return kmsError(403, "AccessDeniedError", error->message);
  return kmsError(400, "ValidationError", error->message);
}

}  // namespace

Answer getSecretValue(const Call& call) {
  Answer answer = readValue(call);
  if (call.param("DryRun") == "true") return dryRunOutcome(answer);
  return answer;
}

}  // namespace kms_secretd::emulator

// SPDX-License-Identifier: Apache-2.0
#include "emulator/kms/members.hpp"
#include "emulator/kms/operations.hpp"
#include "emulator/server_clock.hpp"

namespace kms_secretd::emulator {

Answer describeSecret(const Call& call) {
  if (auto refusal = checkAccess(call, "DescribeSecret")) return *refusal;
  const Secret& secret = *lookUp(call);
  boost::json::object out{{"Arn", arnOf(secret, call.settings)},
                          {"SecretName", secret.name},
                          {"SecretType", secret.type},
                          {"Description", secret.description},
                          {"EncryptionKeyId", ""},
                          {"CreateTime", formatTimestamp(secret.createTime)},
                          {"UpdateTime", formatTimestamp(secret.updateTime)}};
  if (secret.plannedDelete) out["PlannedDeleteTime"] = formatTimestamp(*secret.plannedDelete);
  addRotation(out, secret);
  if (secret.managed()) out["ExtendedConfig"] = secret.extendedConfig;
  if (call.param("FetchTags") == "true") out["Tags"] = tagsMember(secret);
  return out;
}

Answer listSecretVersionIds(const Call& call) {
  if (auto refusal = checkAccess(call, "ListSecretVersionIds")) return *refusal;
  const auto page = readPage(call, 20);
  if (!page) return invalidParameter("PageSize");
  const Secret& secret = *lookUp(call);
  const bool deprecatedToo = call.param("IncludeDeprecated") == "true";
  boost::json::array all;
  for (const Version& version : secret.versions) {
    if (version.stages.empty() && !deprecatedToo) continue;
    all.emplace_back(boost::json::object{{"VersionId", version.id},
                                         {"CreateTime", formatTimestamp(version.createTime)},
                                         {"VersionStages", stagesMember(version)}});
  }
  boost::json::array shown;
  for (std::size_t i = page->begin(all.size()); i < page->end(all.size()); ++i) {
    shown.push_back(all[i]);
  }
  return boost::json::object{{"SecretName", secret.name},
                             {"PageNumber", page->number},
                             {"PageSize", page->size},
                             {"TotalCount", all.size()},
                             {"VersionIds", {{"VersionId", std::move(shown)}}}};
}

}  // namespace kms_secretd::emulator

// SPDX-License-Identifier: Apache-2.0
#include "emulator/kms/secret_store.hpp"

#include <algorithm>
#include <cstdlib>

namespace kms_secretd::emulator {
namespace {

constexpr std::size_t kMaxData = 30720;
constexpr std::size_t kMaxVersions = 10;
constexpr std::size_t kMaxStages = 8;

ApiError notFound() { return kmsError(404, "Forbidden.ResourceNotFound", "Resource not found."); }

ApiError invalid(const std::string& what) {
  return kmsError(400, "InvalidParameter", "The specified parameter " + what + " is not valid.");
}

Refusal checkVersion(const Secret& secret, const NewVersion& version) {
  if (version.data.size() > kMaxData) return invalid("SecretData");
  if (version.id.size() > 64) return invalid("VersionId");
  if (version.dataType != "text" && version.dataType != "binary") return invalid("SecretDataType");
  if (!secret.managed()) return std::nullopt;
  const auto builtIn = [](const std::string& s) { return s == kCurrent || s == kPrevious; };
  const auto& stages = version.stages;
  if (!std::all_of(stages.begin(), stages.end(), builtIn)) return invalid("VersionStages");
  return std::nullopt;
}

// Same id and same value is a success that changes nothing, another value is refused.
Refusal repeated(const Version& existing, const NewVersion& version) {
  if (existing.data == version.data && existing.dataType == version.dataType) return std::nullopt;
  return kmsError(409, "Rejected.ResourceExist", "The version already exists.");
}

void append(Secret& secret, const NewVersion& version, std::string id, std::int64_t now) {
  secret.versions.push_back({id, version.data, version.dataType, now, {}});
  std::vector<std::string> stages = version.stages;
  if (stages.empty()) stages.emplace_back(kCurrent);
  for (const std::string& stage : stages) moveStage(secret.versions, stage, id);
  if (!secret.managed()) trimVersions(secret.versions, kMaxVersions);
}

std::int64_t seconds(const std::string& interval) {
  return std::atoll(interval.c_str());  // "604800s"; anything else counts as 0
}

}  // namespace

bool isSecretName(std::string_view name, bool managed) {
  constexpr std::string_view others = "_/+=.@-";
  const bool characters = std::all_of(name.begin(), name.end(), [&](char c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
           others.find(c) != std::string_view::npos;
  });
  return characters && !name.empty() && name.size() <= 192 &&
         (managed || !name.starts_with("acs/"));
}

bool Secret::denies(const std::string& keyId) const {
  return deniedKeys.contains("*") || deniedKeys.contains(keyId);
}

const Secret* SecretStore::find(const SecretRef& ref) const {
  const auto found = secrets_.find(ref);
  return found == secrets_.end() ? nullptr : &found->second;
}

Secret* SecretStore::edit(const SecretRef& ref) {
  const auto found = secrets_.find(ref);
  return found == secrets_.end() ? nullptr : &found->second;
}

std::vector<const Secret*> SecretStore::list(std::string_view account) const {
  std::vector<const Secret*> out;
  for (const auto& [ref, secret] : secrets_) {
    if (ref.account == account) out.push_back(&secret);
  }
  return out;
}

Refusal SecretStore::put(Secret secret) {
  if (!isSecretName(secret.name, secret.managed())) return invalid("SecretName");
  SecretRef ref{secret.account, secret.name};
  secrets_.insert_or_assign(std::move(ref), std::move(secret));
  return std::nullopt;
}

std::string SecretStore::systemVersionId(const Secret& secret) {
  for (;;) {
    const std::string number = std::to_string(++lastVersion_);
    std::string id =
        secret.managed() ? std::string(32 - number.size(), '0') + number : "v" + number;
    if (findById(secret.versions, id) == nullptr) return id;
  }
}

Refusal SecretStore::putVersion(const SecretRef& ref, const NewVersion& version, std::int64_t now) {
  Secret* secret = edit(ref);
  if (secret == nullptr) return notFound();
  if (auto refusal = checkVersion(*secret, version)) return refusal;
  if (const Version* existing = findById(secret->versions, version.id)) {
    return repeated(*existing, version);
  }
  std::set<std::string> labels(version.stages.begin(), version.stages.end());
  for (const Version& each : secret->versions) {
    labels.insert(each.stages.begin(), each.stages.end());
  }
  if (labels.size() > kMaxStages) {
    return kmsError(400, "Rejected.LimitExceeded", "More than 8 stages.");
  }
  append(*secret, version, version.id.empty() ? systemVersionId(*secret) : version.id, now);
  if (updateTimeMoves_) secret->updateTime = now;
  return std::nullopt;
}

Refusal SecretStore::moveStage(const SecretRef& ref, const std::string& stage,
                               const std::string& to, std::int64_t now) {
  Secret* secret = edit(ref);
  if (secret == nullptr) return notFound();
  if (stage.empty() || secret->managed()) return invalid("VersionStage");
  if (to.empty()) {
    if (stage == kCurrent || stage == kPrevious) return invalid("VersionStage");
    dropStage(secret->versions, stage);
  } else {
    if (findById(secret->versions, to) == nullptr) return notFound();
    emulator::moveStage(secret->versions, stage, to);
  }
  if (updateTimeMoves_) secret->updateTime = now;
  return std::nullopt;
}

Refusal SecretStore::rotate(const SecretRef& ref, const std::string& data, std::int64_t now) {
  if (auto refusal = putVersion(ref, {{}, data, "text", {}}, now)) return refusal;
  Secret* secret = edit(ref);
  secret->lastRotation = now;
  if (secret->automaticRotation != "Disabled" && seconds(secret->rotationInterval) > 0) {
    secret->nextRotation = now + seconds(secret->rotationInterval);
  }
  return std::nullopt;
}

Refusal SecretStore::remove(const SecretRef& ref, std::optional<std::int64_t> plannedDelete) {
  Secret* secret = edit(ref);
  if (secret == nullptr) return notFound();
  if (plannedDelete) {
    secret->plannedDelete = plannedDelete;
  } else {
    secrets_.erase(ref);
  }
  return std::nullopt;
}

Refusal SecretStore::restore(const SecretRef& ref) {
  Secret* secret = edit(ref);
  if (secret == nullptr) return notFound();
  secret->plannedDelete.reset();
  return std::nullopt;
}

Refusal SecretStore::setDenied(const SecretRef& ref, const std::string& keyId, bool denied) {
  Secret* secret = edit(ref);
  if (secret == nullptr) return notFound();
  if (denied) {
    secret->deniedKeys.insert(keyId);
  } else {
    secret->deniedKeys.erase(keyId);
  }
  return std::nullopt;
}

}  // namespace kms_secretd::emulator

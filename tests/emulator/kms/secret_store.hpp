// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "emulator/kms/errors.hpp"
#include "emulator/kms/stages.hpp"

namespace kms_secretd::emulator {

/// One secret with all its versions.
struct Secret {
  std::string account;
  std::string name;
  std::string type = "Generic";
  std::string description;
  std::string extendedConfig;     // managed types: JSON text
  std::string automaticRotation;  // managed types: Enabled, Disabled, Invalid
  std::string rotationInterval;   // managed types: "604800s"
  std::map<std::string, std::string> tags;
  std::int64_t createTime = 0;
  std::int64_t updateTime = 0;
  std::optional<std::int64_t> plannedDelete;
  std::optional<std::int64_t> lastRotation;
  std::optional<std::int64_t> nextRotation;
  std::set<std::string> deniedKeys;  // access key ids without permission; "*" = everybody
  Versions versions;

  bool managed() const { return type != "Generic"; }
  bool denies(const std::string& keyId) const;
};

/// What a writer hands in for a new version.
struct NewVersion {
  std::string id;  // empty: the store makes one
  std::string data;
  std::string dataType = "text";
  std::vector<std::string> stages;  // empty: ACSCurrent
};

/// Names a secret: account and bare name.
struct SecretRef {
  std::string account;
  std::string name;
  auto operator<=>(const SecretRef&) const = default;
};

/// Nothing, or why the write was refused (the codes are those of the service).
using Refusal = std::optional<ApiError>;

/// All secrets. Time is passed in. Not synchronised: see World.
class SecretStore {
 public:
  /// Creates or replaces a secret without versions; refuses bad names.
  Refusal put(Secret secret);
  /// Adds a version: ids are unique, ACSCurrent shifts, the limits of the service hold.
  Refusal putVersion(const SecretRef& ref, const NewVersion& version, std::int64_t now);
  /// Moves `stage` to the version `to`; an empty `to` takes the label away (never ACSCurrent or
  /// ACSPrevious).
  Refusal moveStage(const SecretRef& ref, const std::string& stage, const std::string& to,
                    std::int64_t now);
  /// putVersion with a system version id, and the rotation dates set.
  Refusal rotate(const SecretRef& ref, const std::string& data, std::int64_t now);
  /// Deletes at once, or puts the secret into its deletion window until `plannedDelete`.
  Refusal remove(const SecretRef& ref, std::optional<std::int64_t> plannedDelete);
  Refusal restore(const SecretRef& ref);
  /// Takes or gives back the permission of an access key ("*": everybody).
  Refusal setDenied(const SecretRef& ref, const std::string& keyId, bool denied);
  /// Whether putVersion and moveStage touch UpdateTime (the service's behaviour is unknown).
  void setUpdateTimeMoves(bool moves) { updateTimeMoves_ = moves; }

  /// The secret, or null. The pointer lives as long as the lock around the store.
  const Secret* find(const SecretRef& ref) const;
  /// All secrets of an account, by name.
  std::vector<const Secret*> list(std::string_view account) const;
  std::size_t size() const { return secrets_.size(); }

 private:
  Secret* edit(const SecretRef& ref);
  std::string systemVersionId(const Secret& secret);

  std::map<SecretRef, Secret> secrets_;
  std::uint64_t lastVersion_ = 0;
  bool updateTimeMoves_ = true;
};

/// 1..192 characters of the service's set; generic names do not begin with `acs/`.
bool isSecretName(std::string_view name, bool managed);

}  // namespace kms_secretd::emulator

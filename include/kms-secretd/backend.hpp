// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <kms-secretd/cancellation.hpp>
#include <kms-secretd/clock.hpp>
#include <kms-secretd/failure.hpp>
#include <kms-secretd/secret_bytes.hpp>

namespace kms_secretd::sdk {

/// Which secret to read. Empty stage and id mean the backend's current version.
struct FetchRequest {
  std::string name{};           ///< as the backend names it
  std::string versionStage{};   ///< e.g. "ACSCurrent"
  std::string versionId{};      ///< pins one version
  bool extendedConfig = false;  ///< also fetch the extended configuration of managed secrets
  BootTime deadline{};          ///< the call must have returned by then
  Cancellation const* cancellation = nullptr;  ///< optional, outlives the call
};

/// How the stored bytes are meant.
enum class DataType { text, binary };

/// One secret version as read. The host caps sizes and counts; it trusts none of them.
struct FetchedSecret {
  SecretBytes value{};  ///< byte-exact; binary values already decoded
  DataType dataType = DataType::text;
  std::string versionId{};  ///< opaque; equal id and stages = nothing changed
  std::vector<std::string> stages{};
  std::string secretType{};      ///< e.g. "Generic", "Rds"; may be empty
  std::string nextRotation{};    ///< RFC 3339, or empty
  std::string rotationState{};   ///< "Enabled", "Disabled", "Invalid", or empty
  SecretBytes extendedConfig{};  ///< JSON text, or empty
  std::string requestId{};       ///< the service's id of the call, or empty
  std::string serverDate{};      ///< the reply's Date field, or empty
};

/// What a check of a store is to look at.
struct ProbeRequest {
  bool wantsIdentity = true;                   ///< ask the service who we are
  std::vector<std::string> names{};            ///< secrets, as in FetchRequest
  BootTime deadline{};                         ///< the call must have returned by then
  Cancellation const* cancellation = nullptr;  ///< optional, outlives the call
};

/// Whether one secret may be read.
struct ProbedSecret {
  std::string name{};
  std::optional<Failure> failure{};  ///< why not; nothing = it may
};

/// What a check of a store found. No member holds a value or a credential.
struct ProbeReport {
  std::string identity{};                     ///< as the service calls us; empty if it cannot say
  std::string note{};                         ///< why there is no identity; else empty
  std::optional<WallTime> expiresAt{};        ///< of the credential; nothing = it does not end
  std::optional<Milliseconds> clockOffset{};  ///< the service's clock minus the host's
  std::vector<ProbedSecret> secrets{};        ///< as asked for, in that order
};

/// Reads secrets from one store. One object per configured store.
///
/// fetch() is called from several threads at once up to the descriptor's `maxParallel`. It does not
/// wait between attempts and does not retry, but for the three immediate repeats that a protocol
/// needs (clock offset, fresh nonce, fresh credentials), each at most once in one call.
class Backend {
 public:
  virtual ~Backend() = default;
  /// Reads one secret. Never throws; every failure is a value that names the secret and the remedy.
  virtual Result<FetchedSecret> fetch(FetchRequest const& request) noexcept = 0;
  /// Since SDK 1.1. Looks whether the store can be used, without handing any value out; for
  /// `--check-config --online`. A Failure means that there is no usable credential; secrets that
  /// may not be read are part of a good report. Never throws. A backend that does not override it
  /// has nothing to look at.
  virtual Result<ProbeReport> probe(ProbeRequest const& request) noexcept {
    static_cast<void>(request);
    return ProbeReport{.note = "this backend has no check of its own"};
  }
  /// Since SDK 1.2. Looks at the secret sources of this host that the backend proves itself with,
  /// tells the host what there is to tell (Host::credentialExpires, Host::notice), and answers
  /// true if it has something newer to prove itself with than at the last look. Called soon after
  /// start, and every few seconds from then on, whether or not there is anything to fetch. Reads
  /// sources only: it asks no service and waits for nothing. Never throws.
  virtual bool lookAtCredentials() noexcept { return false; }
};

}  // namespace kms_secretd::sdk

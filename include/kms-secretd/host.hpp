// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include <kms-secretd/cancellation.hpp>
#include <kms-secretd/clock.hpp>
#include <kms-secretd/failure.hpp>
#include <kms-secretd/options.hpp>
#include <kms-secretd/secret_bytes.hpp>
#include <kms-secretd/transport.hpp>

namespace kms_secretd::sdk {

/// The bytes of a secret source at one moment.
struct SecretReading {
  SecretBytes bytes{};           ///< as stored; one trailing newline of a file is NOT removed
  std::uint64_t generation = 0;  ///< grows when the source changed; compare for inequality
};

/// A handle to a secret on the host (credentials, key files). The host watches the source.
/// May be called from any thread.
class SecretSource {
 public:
  virtual ~SecretSource() = default;
  /// The current bytes. Fails with not_found, permission_denied or internal; the message names the
  /// source and the remedy, never its content. A source that breaks later keeps failing: the caller
  /// decides how long its old bytes are good for.
  virtual Result<SecretReading> read() noexcept = 0;
  /// Since SDK 1.3. The generation that read() would give now: unequal to one that is known means,
  /// read again. Where the host can tell without reading (a file that nobody touched), it does not
  /// read. Fails as read() does.
  virtual Result<std::uint64_t> generation() noexcept {
    auto const reading = read();
    if (!reading) return reading.failure();
    return reading.value().generation;
  }
};

/// Asks for a token of a Kubernetes ServiceAccount (TokenRequest).
struct ServiceAccountTokenRequest {
  std::string namespaceName{};
  std::string serviceAccount{};
  std::string audience{};              ///< e.g. "sts.aliyuncs.com"
  Milliseconds lifetime{3600 * 1000};  ///< asked for; the cluster may grant less or more
  BootTime deadline{};
  Cancellation const* cancellation = nullptr;
};

/// A token and its end.
struct ServiceAccountToken {
  SecretBytes token{};
  WallTime expiresAt{};
};

/// The end of a credential that has none, or none that can be known.
inline constexpr WallTime neverExpires = WallTime::max();

/// What the daemon offers a backend. Lives longer than every backend. All methods may be called
/// from any thread and do not throw.
class Host {
 public:
  virtual ~Host() = default;
  /// Opens a pool to one peer; does not connect yet. Any number of times. Fails with
  /// invalid_request where the spec is unusable (bad PEM, key does not match, plain HTTP to a host
  /// that is neither loopback nor the metadata service); the message says which.
  virtual Result<std::unique_ptr<Transport>> openTransport(TransportSpec const& spec) noexcept = 0;
  /// Opens a source; does not read yet.
  virtual Result<std::unique_ptr<SecretSource>> openSecretSource(SecretRef const& ref) noexcept = 0;
  /// Fetches a ServiceAccount token from the configured cluster; cached by nobody.
  virtual Result<ServiceAccountToken> serviceAccountToken(
      ServiceAccountTokenRequest const& request) noexcept = 0;
  /// The daemon's clocks.
  [[nodiscard]] virtual Clock const& clock() const noexcept = 0;
  /// "kms-secretd/<version>", for user-agent fields.
  [[nodiscard]] virtual std::string userAgent() const = 0;

  // Since SDK 1.1.

  /// Tells the host which credential the backend uses from now on and when it ends: the admin is
  /// warned 30 days ahead, with the store's name. `credential` names it ("client key KAAP.f4c8"),
  /// never shows it. Say it once for each credential; neverExpires withdraws the one before.
  virtual void credentialExpires(std::string const& credential, WallTime at) noexcept {
    static_cast<void>(credential);
    static_cast<void>(at);
  }

  /// Tells the admin what no answer of fetch() can tell, such as a changed file that
  /// is unusable while its old content stays in use. One sentence with its remedy, never a secret;
  /// once per event, not per call.
  virtual void notice(std::string const& text) noexcept { static_cast<void>(text); }

  // Since SDK 1.2.

  /// Tells the host who the backend is from now on, for the status: the way of authentication, and
  /// what names the credential without showing it ("access_key, access key id ...x7Qp", "ram_role
  /// acs:ram::1:role/kms"). Say it once for each credential.
  virtual void identityKnown(std::string const& identity) noexcept { static_cast<void>(identity); }
};

}  // namespace kms_secretd::sdk

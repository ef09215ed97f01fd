// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include <kms-secretd/host.hpp>

#include "fakes/fake_transport.hpp"

namespace kms_secretd::fakes {

/// Clocks that only move when told. Any thread.
class FakeHostClock final : public sdk::Clock {
 public:
  [[nodiscard]] sdk::BootTime boot() const noexcept override;
  [[nodiscard]] sdk::WallTime wall() const noexcept override;
  /// Sets UTC alone, as NTP does.
  void setWall(sdk::WallTime time) noexcept;
  /// Time passes: both clocks move.
  void advance(sdk::Milliseconds by) noexcept;

 private:
  std::atomic<std::int64_t> boot_{1'000'000};
  std::atomic<std::int64_t> wall_{1'788'249'600'000};  ///< 2026-09-01T08:00:00Z
};

/// The content of one secret source. Any thread.
class SourceScript {
 public:
  /// The source now holds these bytes: a new generation.
  void set(std::string bytes);
  /// The source now fails.
  void fail(sdk::Failure failure);
  /// Called before each reading, outside of any lock: the place to change sources "meanwhile".
  void beforeRead(std::function<void()> hook);
  /// How often it was read.
  [[nodiscard]] std::size_t reads() const;

  /// What a handle's read() answers.
  sdk::Result<sdk::SecretReading> read();
  /// What a handle's generation() answers, without counting as a reading.
  sdk::Result<std::uint64_t> generation() const;

 private:
  mutable std::mutex mutex_;
  std::string bytes_;
  std::uint64_t generation_ = 0;
  std::optional<sdk::Failure> failure_;
  std::function<void()> hook_;
  std::size_t reads_ = 0;
};

/// A transport that was asked for; the specification without the client's key.
struct OpenedTransport {
  std::string host{};
  std::uint16_t port = 0;
  std::string connectAddress{};
  bool plainHttp = false;
  std::string rootsPem{};
  bool partialChain = false;
  std::string clientCertificatePem{};
  bool hasClientKey = false;
  std::string proxy{};
  std::size_t maxHeaderBytes = 0;
  std::size_t maxBodyBytes = 0;
  sdk::Milliseconds connectTimeout{};
};

/// An end of a credential that the host was told.
struct ToldExpiry {
  std::string credential{};
  sdk::WallTime at{};
};

/// A Host without a world: transports are scripts by host name, secret sources are scripts by the
/// value of their reference (path, name, variable), clocks stand still. Counts what it is asked.
class FakeHost final : public sdk::Host {
 public:
  sdk::Result<std::unique_ptr<sdk::Transport>> openTransport(
      sdk::TransportSpec const& spec) noexcept override;
  sdk::Result<std::unique_ptr<sdk::SecretSource>> openSecretSource(
      sdk::SecretRef const& ref) noexcept override;
  sdk::Result<sdk::ServiceAccountToken> serviceAccountToken(
      sdk::ServiceAccountTokenRequest const& request) noexcept override;
  [[nodiscard]] sdk::Clock const& clock() const noexcept override { return clock_; }
  [[nodiscard]] std::string userAgent() const override { return "kms-secretd/test"; }
  void notice(std::string const& text) noexcept override;
  void credentialExpires(std::string const& credential, sdk::WallTime at) noexcept override;
  void identityKnown(std::string const& identity) noexcept override;

  /// What the peer of that name answers; made on first use.
  TransportScript& peer(std::string const& host);
  /// What the source of that value holds; made on first use. A source that no test has named does
  /// not exist: it opens, and its reads fail with not_found.
  SourceScript& source(std::string const& value);
  /// From now on opening a transport fails.
  void refuseTransports(sdk::Failure failure);
  /// From now on opening this source fails.
  void refuseSource(std::string const& value, sdk::Failure failure);
  /// The next token request is answered with this.
  void giveToken(std::string token, sdk::WallTime expiresAt);
  [[nodiscard]] FakeHostClock& time() noexcept { return clock_; }

  [[nodiscard]] std::vector<OpenedTransport> openedTransports() const;
  [[nodiscard]] std::vector<ToldExpiry> expiries() const;
  /// Who the backend said it is, in order.
  [[nodiscard]] std::vector<std::string> identities() const;
  [[nodiscard]] std::size_t openedSources() const;
  [[nodiscard]] std::size_t tokenRequests() const;
  /// What the admin was told.
  [[nodiscard]] std::vector<std::string> notices() const;
  /// The ServiceAccount tokens that were asked for, as "namespace/name audience".
  [[nodiscard]] std::vector<std::string> askedTokens() const;
  /// Reads of all sources together.
  [[nodiscard]] std::size_t reads() const;

 private:
  struct Token {
    std::string text{};
    sdk::WallTime expiresAt{};
  };

  FakeHostClock clock_;
  mutable std::mutex mutex_;
  // Shared with the handles: a backend under test may be destroyed after its host.
  std::map<std::string, std::shared_ptr<TransportScript>> peers_;
  std::map<std::string, std::shared_ptr<SourceScript>> sources_;
  std::map<std::string, sdk::Failure> refusedSources_;
  std::optional<sdk::Failure> refusedTransports_;
  std::deque<Token> tokens_;
  std::vector<OpenedTransport> opened_;
  std::vector<ToldExpiry> expiries_;
  std::vector<std::string> identities_;
  std::size_t openedSources_ = 0;
  std::size_t tokenRequests_ = 0;
  std::vector<std::string> notices_;
  std::vector<std::string> askedTokens_;
};

}  // namespace kms_secretd::fakes

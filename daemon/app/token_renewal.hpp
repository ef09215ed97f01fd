// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include <kms-secretd/clock.hpp>
#include <kms-secretd/host.hpp>

#include "core/kube_failure.hpp"
#include "kube/token_claims.hpp"
#include "platform/guarded.hpp"
#include "platform/stop.hpp"
#include "report/events.hpp"

namespace kms_secretd::app {

/// What a token's age asks for.
enum class TokenStep {
  keep,     ///< less than 70 % of its life is over
  renew,    ///< ask for a new one
  expired,  ///< nothing can be asked with it any more
};

/// The step for a token with these claims. Pure.
[[nodiscard]] TokenStep tokenStep(kube::TokenClaims const& claims, sdk::WallTime now) noexcept;

/// What the renewal works with; all of it outlives the renewal.
struct TokenRenewalSettings {
  std::string file{};  ///< the tokenFile of the kubeconfig, in the daemon's state directory
  sdk::Clock const* clock = nullptr;
  std::function<core::KubeResult<sdk::ServiceAccountToken>(sdk::ServiceAccountTokenRequest const&)>
      request{};                    ///< TokenRequest, with the login as it is
  std::function<void()> renewed{};  ///< the file was written
};

/// Keeps the daemon's own ServiceAccount token fresh (rules 9): at 70 % of its life it asks for one
/// that lives 7 days and writes it over the file. A host that slept longer than the token lived is
/// told which command mends that. Works on a thread of its own, for a request may take its time.
class TokenRenewal {
 public:
  struct News {
    report::EventId id;
    std::string text;
  };

  explicit TokenRenewal(TokenRenewalSettings settings);
  ~TokenRenewal();
  TokenRenewal(TokenRenewal const&) = delete;
  TokenRenewal& operator=(TokenRenewal const&) = delete;

  /// Begins. Throws std::system_error where no thread can be had (cannot start).
  void start();
  /// Ends; returns within a second. Again is nothing.
  void stop();
  /// One look at the file, and what it asks for. Returns what is new to say: each thing once, an
  /// ended token once a day. Called by the thread; by tests without one.
  [[nodiscard]] std::vector<News> look();
  /// What was found since the last call. Any thread.
  [[nodiscard]] std::vector<News> takeNews();

 private:
  void run();
  [[nodiscard]] std::optional<News> renew(kube::TokenClaims const& claims);
  [[nodiscard]] bool isNew(News const& news);

  TokenRenewalSettings const settings_;
  std::string said_{};
  std::optional<sdk::WallTime> saidAt_{};
  platform::EventCancellation stop_{};
  platform::Guarded<std::vector<News>> news_{};
  std::thread thread_{};
};

/// True if `file` lies in `stateDirectory` (neither need exist): then the daemon may renew it.
[[nodiscard]] bool ownTokenFile(std::string const& file, std::string const& stateDirectory);

}  // namespace kms_secretd::app

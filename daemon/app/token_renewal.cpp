// SPDX-License-Identifier: Apache-2.0
#include "app/token_renewal.hpp"

#include <chrono>
#include <filesystem>
#include <utility>

#include "platform/files.hpp"
#include "platform/wait.hpp"

namespace kms_secretd::app {
namespace {

using namespace std::chrono_literals;

constexpr sdk::Milliseconds lookInterval = 20s;
constexpr sdk::Milliseconds requestTimeout = 15s;
constexpr std::chrono::hours askedLife = 7 * 24h;
constexpr std::size_t maxTokenBytes = 64 * 1024;

std::string accountOf(kube::TokenClaims const& claims) {
  return claims.namespaceName + "/" + claims.serviceAccount;
}

std::string ageOf(sdk::Milliseconds time) {
  if (time >= 48h) return std::to_string(time / 24h) + " days";
  if (time >= 2h) return std::to_string(time / 1h) + " hours";
  return std::to_string(time / 1min) + " minutes";
}

sdk::Milliseconds between(sdk::WallTime from, sdk::WallTime to) {
  return std::chrono::duration_cast<sdk::Milliseconds>(to - from);
}

TokenRenewal::News expired(kube::TokenClaims const& claims, std::string const& file,
                           sdk::WallTime now) {
  std::string text = "login expired: the token of ServiceAccount " + accountOf(claims);
  text += " in " + file + " ended " + ageOf(between(claims.expiresAt, now));
  text +=
      " ago, so the API server refuses the daemon and Secrets stay as they are; as an "
      "administrator of the cluster run: kubectl -n ";
  text += claims.namespaceName + " create token " + claims.serviceAccount;
  text += " --duration=168h | install -m 0600 -o kms-secretd -g kms-secretd /dev/stdin " + file;
  return {report::EventId::login_expired, std::move(text)};
}

TokenRenewal::News unknown(std::string const& file, std::string const& why) {
  return {report::EventId::login_not_renewed, "the login in " + file + " is not renewed: " + why};
}

}  // namespace

TokenStep tokenStep(kube::TokenClaims const& claims, sdk::WallTime now) noexcept {
  if (now >= claims.expiresAt) return TokenStep::expired;
  auto const life = claims.expiresAt - claims.issuedAt;
  return now - claims.issuedAt >= life * 7 / 10 ? TokenStep::renew : TokenStep::keep;
}

TokenRenewal::TokenRenewal(TokenRenewalSettings settings) : settings_(std::move(settings)) {}

TokenRenewal::~TokenRenewal() { stop(); }

void TokenRenewal::start() {
  thread_ = std::thread([this] { run(); });
}

void TokenRenewal::stop() {
  stop_.request();
  if (thread_.joinable()) thread_.join();
}

void TokenRenewal::run() {
  auto const& clock = *settings_.clock;
  do {
    for (auto& news : look()) news_.lock()->push_back(std::move(news));
    static_cast<void>(platform::waitFor(
        -1, 0, {.clock = clock, .deadline = clock.boot() + lookInterval, .cancellation = &stop_}));
  } while (!stop_.requested());
}

std::vector<TokenRenewal::News> TokenRenewal::look() {
  auto const now = settings_.clock->wall();
  std::optional<News> found;
  auto const token = platform::readSecretFile(settings_.file, maxTokenBytes);
  auto const claims = token ? kube::readTokenClaims(token.value().reveal()) : std::nullopt;
  if (!token) {
    found = unknown(settings_.file, token.failure().message);
  } else if (!claims) {
    found = unknown(settings_.file,
                    "what stands there is no ServiceAccount token that tells its end; put one "
                    "there (kubectl create token), or name a file outside the state directory");
  } else if (auto const step = tokenStep(*claims, now); step == TokenStep::expired) {
    found = expired(*claims, settings_.file, now);
  } else if (step == TokenStep::renew) {
    found = renew(*claims);
  }
  if (!found) said_.clear();
  if (!found || !isNew(*found)) return {};
  return {std::move(*found)};
}

// Each thing once, and again after a day: it is still to be mended.
bool TokenRenewal::isNew(News const& news) {
  auto const now = settings_.clock->wall();
  auto const subject = std::to_string(static_cast<int>(news.id));
  if (said_ == subject && saidAt_ && now - *saidAt_ < 24h) return false;
  said_ = subject;
  saidAt_ = now;
  return true;
}

std::optional<TokenRenewal::News> TokenRenewal::renew(kube::TokenClaims const& claims) {
  auto const reply = settings_.request({.namespaceName = claims.namespaceName,
                                        .serviceAccount = claims.serviceAccount,
                                        .audience = {},
                                        .lifetime = askedLife,
                                        .deadline = settings_.clock->boot() + requestTimeout,
                                        .cancellation = &stop_});
  if (auto const* failure = std::get_if<core::KubeFailure>(&reply)) {
    if (failure->kind == core::KubeFailureKind::cancelled) return std::nullopt;
    return unknown(settings_.file, failure->message + "; it ends in " +
                                       ageOf(between(settings_.clock->wall(), claims.expiresAt)) +
                                       " and is tried again until then: " + failure->remedy);
  }
  auto const& token = std::get<sdk::ServiceAccountToken>(reply);
  auto const broken = platform::writeFileAtomically(settings_.file, token.token.reveal(), 0600);
  if (broken) return unknown(settings_.file, broken->message);
  settings_.renewed();
  return News{report::EventId::login_renewed,
              "the login as ServiceAccount " + accountOf(claims) + " was renewed for " +
                  ageOf(between(settings_.clock->wall(), token.expiresAt))};
}

std::vector<TokenRenewal::News> TokenRenewal::takeNews() {
  return std::exchange(*news_.lock(), {});
}

bool ownTokenFile(std::string const& file, std::string const& stateDirectory) {
  if (file.empty() || stateDirectory.empty()) return false;
  std::error_code error;
  auto const path = std::filesystem::weakly_canonical(file, error);
  // With a name behind it, a trailing slash makes no difference.
  auto const beside = std::filesystem::weakly_canonical(stateDirectory, error) / "token";
  return !error && path.parent_path() == beside.parent_path();
}

}  // namespace kms_secretd::app

// SPDX-License-Identifier: Apache-2.0
#include "app/login_watch.hpp"

#include <chrono>
#include <utility>

#include "platform/x509.hpp"

namespace kms_secretd::app {
namespace {

using namespace std::chrono_literals;

constexpr std::chrono::hours day = 24h;
constexpr auto warnAhead = 30 * day;  // rules 9

std::string inDays(sdk::Milliseconds time) {
  auto const days = time / day;
  if (days > 1) return std::to_string(days) + " days";
  if (time / 1h > 1) return std::to_string(time / 1h) + " hours";
  return std::to_string(time / 1min) + " minutes";
}

}  // namespace

std::optional<std::string> endingSoon(sdk::WallTime expiry, sdk::WallTime now) {
  auto const left = std::chrono::duration_cast<sdk::Milliseconds>(expiry - now);
  if (left > warnAhead) return std::nullopt;
  return left > 0ms ? "ends in " + inDays(left) : "ended " + inDays(-left) + " ago";
}

std::optional<std::string> expiryWarning(sdk::WallTime expiry, sdk::WallTime now,
                                         std::string const& where) {
  auto const when = endingSoon(expiry, now);
  if (!when) return std::nullopt;
  auto text = "the client certificate of " + where + ' ' + *when;
  text +=
      ", and the API server refuses the daemon from then on: have a new one signed and write "
      "it there; it is picked up without a restart";
  return text;
}

std::vector<LoginWatch::News> LoginWatch::look(kube::Connection& connection, sdk::WallTime now) {
  std::vector<News> news;
  auto problem = connection.problem().value_or("");
  if (problem != saidProblem_ && !problem.empty()) {
    news.push_back({report::EventId::login_not_taken,
                    "a changed login is not in use, the one before it still is: " + problem});
  }
  saidProblem_ = std::move(problem);

  auto const expiry = platform::certificateExpiry(connection.clientCertificate());
  if (!expiry.ok()) return news;
  auto warning = expiryWarning(expiry.value(), now, connection.cluster().kubeconfig);
  auto const saidToday = saidExpiryAt_ && now - *saidExpiryAt_ < day;
  if (!warning) saidExpiryAt_.reset();
  if (warning && !saidToday) {
    saidExpiryAt_ = now;
    news.push_back({report::EventId::login_expiring, std::move(*warning)});
  }
  return news;
}

}  // namespace kms_secretd::app

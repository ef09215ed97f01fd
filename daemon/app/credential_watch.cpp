// SPDX-License-Identifier: Apache-2.0
#include "app/credential_watch.hpp"

#include <chrono>

#include "app/login_watch.hpp"

namespace kms_secretd::app {
namespace {

using namespace std::chrono_literals;

constexpr std::chrono::hours day = 24h;

}  // namespace

std::optional<std::string> credentialWarning(std::string const& store, CredentialEnd const& end,
                                             sdk::WallTime now) {
  auto const when = endingSoon(end.at, now);
  if (!when) return std::nullopt;
  return "store " + store + ": the " + end.credential + ' ' + *when +
         ", and the store cannot be read from then on; its Secrets keep their last good values: "
         "create a new one and write it into the store's sources; it is picked up without a "
         "restart";
}

std::vector<CredentialWatch::News> CredentialWatch::look(
    std::map<std::string, CredentialEnd> const& ends, sdk::WallTime now) {
  std::vector<News> warnings;
  std::map<std::string, Said> said;
  for (auto const& [store, end] : ends) {
    auto warning = credentialWarning(store, end, now);
    if (!warning) continue;
    auto const ended = end.at <= now;
    auto const before = said_.find(store);
    auto const news = before == said_.end() || before->second.ended != ended;
    if (!news && now - before->second.at < day) {
      said.insert(*before);
      continue;
    }
    said[store] = {.at = now, .ended = ended};
    warnings.push_back({.store = store, .text = std::move(*warning)});
  }
  said_ = std::move(said);
  return warnings;
}

}  // namespace kms_secretd::app

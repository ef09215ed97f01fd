// SPDX-License-Identifier: Apache-2.0
#include "kube/token_claims.hpp"

#include <algorithm>
#include <chrono>
#include <cstdint>

#include <boost/json/object.hpp>

#include "kube/base64.hpp"
#include "kube/json_read.hpp"

namespace kms_secretd::kube {
namespace {

constexpr std::string_view accountPrefix = "system:serviceaccount:";

// The middle one of three parts.
std::optional<std::string_view> payloadOf(std::string_view token) {
  auto const first = token.find('.');
  if (first == std::string_view::npos) return std::nullopt;
  auto const second = token.find('.', first + 1);
  if (second == std::string_view::npos || token.find('.', second + 1) != std::string_view::npos) {
    return std::nullopt;
  }
  return token.substr(first + 1, second - first - 1);
}

// base64url without padding (RFC 7515, 2) in the alphabet that the decoder knows.
std::optional<sdk::SecretBytes> decoded(std::string_view part) {
  std::string text(part);
  std::ranges::replace(text, '-', '+');
  std::ranges::replace(text, '_', '/');
  text.append((4 - text.size() % 4) % 4, '=');
  return decodeBase64(text);
}

// Seconds since 1970 that a clock can hold; later ones would overflow.
std::optional<sdk::WallTime> timeOf(boost::json::object const& claims, std::string_view name) {
  constexpr std::int64_t latest = 253'402'300'799;  // the year 9999
  auto const* const value = claims.if_contains({name.data(), name.size()});
  if (value == nullptr || !value->is_int64()) return std::nullopt;
  auto const seconds = value->get_int64();
  if (seconds < 0 || seconds > latest) return std::nullopt;
  return sdk::WallTime(std::chrono::seconds(seconds));
}

}  // namespace

std::optional<TokenClaims> readTokenClaims(std::string_view token) {
  auto const payload = payloadOf(token);
  auto const text = payload ? decoded(*payload) : std::nullopt;
  auto const document = text ? parseJson(text->reveal()) : std::nullopt;
  auto const* const claims = document ? document->if_object() : nullptr;
  if (claims == nullptr) return std::nullopt;
  auto account = textOf(*claims, "sub");
  if (!account.starts_with(accountPrefix)) return std::nullopt;
  account.remove_prefix(accountPrefix.size());
  auto const colon = account.find(':');
  auto const issued = timeOf(*claims, "iat");
  auto const expires = timeOf(*claims, "exp");
  if (colon == std::string_view::npos || !issued || !expires || *expires <= *issued) {
    return std::nullopt;
  }
  return TokenClaims{.namespaceName = std::string(account.substr(0, colon)),
                     .serviceAccount = std::string(account.substr(colon + 1)),
                     .issuedAt = *issued,
                     .expiresAt = *expires};
}

}  // namespace kms_secretd::kube

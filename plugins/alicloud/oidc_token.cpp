// SPDX-License-Identifier: Apache-2.0
#include "alicloud/oidc_token.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

#include "alicloud/sts_failure.hpp"

namespace kms_secretd::alicloud {
namespace {

constexpr std::size_t longestToken = 20000;  // KMS protocol 4.4
// STS exchanges it at once; the API server grants no less than ten minutes.
constexpr sdk::Milliseconds tokenLifetime{600 * 1000};

bool isTokenByte(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
         c == '_' || c == '.';
}

std::string_view trimmed(std::string_view text) noexcept {
  constexpr std::string_view space = " \t\r\n";
  auto const first = text.find_first_not_of(space);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(space) - first + 1);
}

sdk::Failure unusable(std::string message) {
  return {.kind = sdk::FailureKind::unauthenticated, .message = std::move(message)};
}

class TokenFromSource final : public OidcToken {
 public:
  explicit TokenFromSource(std::unique_ptr<sdk::SecretSource> source)
      : source_(std::move(source)) {}
  sdk::Result<sdk::SecretBytes> read(CredentialRequest const& /*request*/) override {
    auto reading = source_->read();
    if (!reading) return unusable("auth.token: " + reading.failure().message);
    return tokenIn(reading.value().bytes, "auth.token");
  }

 private:
  std::unique_ptr<sdk::SecretSource> source_;
};

class TokenFromApiServer final : public OidcToken {
 public:
  TokenFromApiServer(ServiceAccount account, sdk::Host& host)
      : account_(std::move(account)), host_(host) {}
  sdk::Result<sdk::SecretBytes> read(CredentialRequest const& request) override {
    auto const step =
        "the API server's token for ServiceAccount " + account_.namespaceName + '/' + account_.name;
    auto token = host_.serviceAccountToken({.namespaceName = account_.namespaceName,
                                            .serviceAccount = account_.name,
                                            .audience = account_.audience,
                                            .lifetime = tokenLifetime,
                                            .deadline = request.deadline,
                                            .cancellation = request.cancellation});
    if (!token) return issuerUnreachable(step, token.failure());
    return tokenIn(token.value().token, step);
  }

 private:
  ServiceAccount account_;
  sdk::Host& host_;
};

}  // namespace

std::unique_ptr<OidcToken> makeOidcToken(std::unique_ptr<sdk::SecretSource> source) {
  return std::make_unique<TokenFromSource>(std::move(source));
}

std::unique_ptr<OidcToken> makeOidcToken(ServiceAccount account, sdk::Host& host) {
  return std::make_unique<TokenFromApiServer>(std::move(account), host);
}

sdk::Result<sdk::SecretBytes> tokenIn(sdk::SecretBytes const& bytes, std::string const& origin) {
  auto const text = trimmed(bytes.reveal());
  if (text.empty()) return unusable(origin + " is empty; see that whoever writes it still runs");
  bool const plausible = text.size() <= longestToken &&
                         std::all_of(text.begin(), text.end(), isTokenByte) &&
                         std::count(text.begin(), text.end(), '.') == 2;
  if (plausible) return sdk::SecretBytes(text);
  return unusable(origin + " is no JSON web token (three parts, at most 20000 characters)");
}

}  // namespace kms_secretd::alicloud

// SPDX-License-Identifier: Apache-2.0
#include "app/plugin_host.hpp"

#include <utility>
#include <variant>

#include "platform/secret_source.hpp"

namespace kms_secretd::app {
namespace {

sdk::FailureKind kindOf(core::KubeFailureKind kind) {
  switch (kind) {
    case core::KubeFailureKind::forbidden:
      return sdk::FailureKind::permission_denied;
    case core::KubeFailureKind::namespace_absent:
      return sdk::FailureKind::not_found;
    case core::KubeFailureKind::unauthenticated:
      return sdk::FailureKind::unauthenticated;
    case core::KubeFailureKind::throttled:
      return sdk::FailureKind::throttled;
    case core::KubeFailureKind::unavailable:
      return sdk::FailureKind::unavailable;
    case core::KubeFailureKind::timed_out:
      return sdk::FailureKind::timed_out;
    case core::KubeFailureKind::invalid_response:
      return sdk::FailureKind::invalid_response;
    case core::KubeFailureKind::cancelled:
      return sdk::FailureKind::internal;
    default:
      return sdk::FailureKind::invalid_request;
  }
}

}  // namespace

sdk::Result<std::unique_ptr<sdk::Transport>> PluginHost::openTransport(
    sdk::TransportSpec const& spec) noexcept {
  auto opened = transports_.open(spec);
  if (!opened.ok()) return std::move(opened.failure());
  return std::unique_ptr<sdk::Transport>(std::move(opened).value());
}

sdk::Result<std::unique_ptr<sdk::SecretSource>> PluginHost::openSecretSource(
    sdk::SecretRef const& ref) noexcept {
  return platform::openSecretSource(ref);
}

sdk::Result<sdk::ServiceAccountToken> PluginHost::serviceAccountToken(
    sdk::ServiceAccountTokenRequest const& request) noexcept {
  auto reply = kube_.requestToken(request);
  if (auto* failure = std::get_if<core::KubeFailure>(&reply)) {
    return sdk::Failure{.kind = kindOf(failure->kind),
                        .message = failure->message + ": " + failure->remedy,
                        .retryAfter = failure->retryAfter};
  }
  return std::move(std::get<sdk::ServiceAccountToken>(reply));
}

}  // namespace kms_secretd::app

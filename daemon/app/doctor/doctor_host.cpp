// SPDX-License-Identifier: Apache-2.0
#include "app/doctor/doctor_host.hpp"

#include <algorithm>
#include <exception>

#include "platform/secret_source.hpp"

namespace kms_secretd::app::doctor {

sdk::Result<std::unique_ptr<sdk::Transport>> DoctorHost::openTransport(
    sdk::TransportSpec const& spec) noexcept {
  try {
    Peer peer{.host = spec.host,
              .port = spec.port,
              .connectAddress = spec.connectAddress,
              .plainHttp = spec.plainHttp,
              .rootsPem = spec.rootsPem,
              .partialChain = spec.partialChain,
              .proxy = spec.proxy};
    auto peers = peers_.lock();
    if (std::ranges::find(*peers, peer) == peers->end()) peers->push_back(std::move(peer));
  } catch (std::exception const&) {
    return sdk::Failure{.kind = sdk::FailureKind::internal, .message = "out of memory"};
  }
  auto opened = transports_.open(spec);
  if (!opened.ok()) return std::move(opened.failure());
  return std::unique_ptr<sdk::Transport>(std::move(opened).value());
}

sdk::Result<std::unique_ptr<sdk::SecretSource>> DoctorHost::openSecretSource(
    sdk::SecretRef const& ref) noexcept {
  return platform::openSecretSource(ref);
}

sdk::Result<sdk::ServiceAccountToken> DoctorHost::serviceAccountToken(
    sdk::ServiceAccountTokenRequest const& request) noexcept {
  if (cluster_ != nullptr) return cluster_->serviceAccountToken(request);
  return sdk::Failure{.kind = sdk::FailureKind::unauthenticated,
                      .message = "the login to the cluster cannot be used"};
}

}  // namespace kms_secretd::app::doctor

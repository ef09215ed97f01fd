// SPDX-License-Identifier: Apache-2.0
#include "cluster.hpp"

#include <unistd.h>

#include <chrono>
#include <cstdlib>

namespace kms_secretd::contract {
namespace {

Cluster*& current() {
  static Cluster* cluster = nullptr;
  return cluster;
}

using Opened = sdk::Result<std::unique_ptr<platform::StreamingTransport>>;

}  // namespace

Cluster& cluster() { return *current(); }

void use(Cluster& cluster) { current() = &cluster; }

Cluster::Cluster() {
  auto const* given = std::getenv("KMS_SECRETD_CONTRACT_KUBECONFIG");
  if (given != nullptr && *given != '\0') {
    kubeconfig_ = given;
  } else {
    double_ = std::make_unique<fakes::kube::KubeDouble>();
    kubeconfig_ = double_->kubeconfig();
  }
  core::ClusterConfig config;
  config.kubeconfig = kubeconfig_;
  kube::ConnectionSettings settings;
  settings.clock = &clock_;
  settings.userAgent = "kms-secretd-contract/1";
  settings.open = [this](sdk::TransportSpec const& spec) { return factory_.open(spec); };
  auto own = std::make_shared<kube::Connection>(config, settings);
  description_ = double_ ? "the in-tree double" : own->server();
  admin_ = std::make_unique<Admin>(std::move(own), clock_);
  settings.open = [this](sdk::TransportSpec const& spec) -> Opened {
    auto opened = factory_.open(spec);
    if (!opened) return opened;
    return std::unique_ptr<platform::StreamingTransport>(
        std::make_unique<RecordingTransport>(std::move(opened).value(), wire_));
  };
  client_ = kube::openClient(config, settings);
}

Cluster::~Cluster() = default;

std::string Cluster::freshName() {
  auto const now = std::chrono::system_clock::now().time_since_epoch().count() / 1'000'000;
  return "contract-" + std::to_string(now % 100'000'000) + "-" + std::to_string(::getpid()) + "-" +
         std::to_string(++names_);
}

}  // namespace kms_secretd::contract

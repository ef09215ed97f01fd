// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include <kms-secretd/clock.hpp>
#include <kms-secretd/transport.hpp>

#include "fakes/fake_transport.hpp"
#include "kube/kube_client.hpp"
#include "platform/streaming_transport.hpp"
#include "stream_script.hpp"
#include "temp_dir.hpp"

namespace kms_secretd::kube::test {

/// A clock that the test turns.
class HandClock final : public sdk::Clock {
 public:
  [[nodiscard]] sdk::BootTime boot() const noexcept override { return boot_; }
  [[nodiscard]] sdk::WallTime wall() const noexcept override { return wall_; }
  void advance(sdk::Milliseconds by) {
    boot_ += by;
    wall_ += by;
  }

 private:
  sdk::BootTime boot_{sdk::Milliseconds(1'000'000)};
  sdk::WallTime wall_{sdk::Milliseconds(1'800'000'000'000)};  // 2027-01-15T08:00:00Z
};

/// What a transport was opened with, the key as plain text.
struct OpenedWith {
  std::string host{};
  std::uint16_t port = 0;
  std::string connectAddress{};
  bool plainHttp = false;
  std::string rootsPem{};
  std::string clientCertificatePem{};
  std::string clientKeyPem{};
  std::string proxy{};
};

/// A client over a script, with a kubeconfig towards loopback unless the test writes another.
class Bench {
 public:
  Bench() { kubeconfig("{server: 'http://127.0.0.1:8001/prefix'}", "{token: canary-token}"); }

  /// Writes a kubeconfig whose one cluster and user hold these YAML texts.
  void kubeconfig(std::string const& clusterYaml, std::string const& userYaml) const {
    dir.write("kubeconfig", "current-context: x\nclusters: [{name: c, cluster: " + clusterYaml +
                                "}]\nusers: [{name: u, user: " + userYaml +
                                "}]\ncontexts: [{name: x, context: {cluster: c, user: u}}]\n");
  }

  [[nodiscard]] ConnectionSettings settings() {
    return {.open = [this](sdk::TransportSpec const& spec) { return open(spec); },
            .clock = &clock,
            .userAgent = "kms-secretd/test"};
  }

  [[nodiscard]] core::ClusterConfig cluster() const {
    core::ClusterConfig config;
    config.kubeconfig = dir.file("kubeconfig");
    return config;
  }

  KubeClient& client() {
    if (!client_) client_ = openClient(cluster(), settings());
    return *client_;
  }

  [[nodiscard]] apply::KubeCall call() const {
    return {.deadline = clock.boot() + sdk::Milliseconds(5000), .cancellation = nullptr};
  }

  TempDir dir{};
  HandClock clock{};
  std::shared_ptr<fakes::TransportScript> script = std::make_shared<fakes::TransportScript>();
  std::shared_ptr<StreamScript> streams = std::make_shared<StreamScript>();
  std::vector<OpenedWith> opened{};
  std::string openFailure{};  ///< not empty = the next open() fails with it

 private:
  sdk::Result<std::unique_ptr<platform::StreamingTransport>> open(sdk::TransportSpec const& spec) {
    if (!openFailure.empty()) {
      return sdk::Failure{.kind = sdk::FailureKind::invalid_request, .message = openFailure};
    }
    opened.push_back({.host = spec.host,
                      .port = spec.port,
                      .connectAddress = spec.connectAddress,
                      .plainHttp = spec.plainHttp,
                      .rootsPem = spec.rootsPem,
                      .clientCertificatePem = spec.clientCertificatePem,
                      .clientKeyPem = std::string(spec.clientKeyPem.reveal()),
                      .proxy = spec.proxy});
    return std::unique_ptr<platform::StreamingTransport>(
        std::make_unique<StreamingFake>(script, streams));
  }

  std::unique_ptr<KubeClient> client_{};
};

/// The failure in `result`; an empty one of kind invalid_response where there is none.
template <class T>
core::KubeFailure failureIn(core::KubeResult<T> const& result) {
  auto const* failure = std::get_if<core::KubeFailure>(&result);
  return failure == nullptr ? core::KubeFailure{.message = "there was no failure"} : *failure;
}

/// All that a failure shows to anybody.
inline std::string shown(core::KubeFailure const& failure) {
  auto text = failure.message + failure.remedy;
  for (auto const& conflict : failure.conflicts) text += conflict.manager + conflict.field;
  return text;
}

}  // namespace kms_secretd::kube::test

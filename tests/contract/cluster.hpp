// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

#include "admin.hpp"
#include "fakes/kube_double/kube_double.hpp"
#include "kube/kube_client.hpp"
#include "platform/clock.hpp"
#include "platform/stop.hpp"
#include "platform/transport_factory.hpp"
#include "recording.hpp"

namespace kms_secretd::contract {

/// The API server that the suite runs against: the one that KMS_SECRETD_CONTRACT_KUBECONFIG names
/// (its user must be an administrator), otherwise the in-tree double, started here.
class Cluster {
 public:
  Cluster();
  ~Cluster();
  Cluster(Cluster const&) = delete;
  Cluster& operator=(Cluster const&) = delete;

  /// The daemon's client; what it sends is in wire().
  [[nodiscard]] kube::KubeClient& client() { return *client_; }
  /// Everybody else.
  [[nodiscard]] Admin& admin() { return *admin_; }
  [[nodiscard]] Wire& wire() { return wire_; }
  [[nodiscard]] platform::SystemClock const& clock() const { return clock_; }
  /// A name for a namespace that nobody has used.
  [[nodiscard]] std::string freshName();
  /// "the in-tree double" or the address of the server.
  [[nodiscard]] std::string const& description() const { return description_; }

 private:
  platform::SystemClock clock_;
  platform::StopSignal stop_;
  platform::TransportFactory factory_{clock_, stop_};
  std::unique_ptr<fakes::kube::KubeDouble> double_;
  std::string kubeconfig_;
  std::string description_;
  Wire wire_;
  std::unique_ptr<kube::KubeClient> client_;
  std::unique_ptr<Admin> admin_;
  int names_ = 0;
};

/// The cluster of this run; main() makes it before the first test.
Cluster& cluster();
/// Sets what cluster() returns; it outlives all tests.
void use(Cluster& cluster);

}  // namespace kms_secretd::contract

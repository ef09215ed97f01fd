// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/json/object.hpp>
#include <initializer_list>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>

#include <kms-secretd/transport.hpp>

#include "core/config.hpp"
#include "kube/connection.hpp"
#include "kube/status_error.hpp"
#include "platform/clock.hpp"
#include "platform/stop.hpp"
#include "platform/transport_factory.hpp"

namespace kms_secretd::ctl {

/// The API server cannot be asked, or refused; what() says what to do.
class ClusterError final : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// One request of an admin.
struct ClusterRequest {
  std::string method = "GET";
  std::string path{};
  std::optional<boost::json::object> body{};
  kube::Asked asked{};  ///< for messages
};

/// Talks to an API server with an admin's own kubeconfig: for what is set up or looked up once. One
/// thread.
class ClusterClient {
 public:
  /// `context`: empty = the current one. Throws ClusterError where the kubeconfig is unusable.
  ClusterClient(std::string kubeconfig, std::string context);

  /// The answer's status and body, a SecretBytes since it may hold a token. Statuses other than
  /// 200, 201 and those in `also` throw ClusterError, as does a server that cannot be reached.
  [[nodiscard]] sdk::HttpResponse send(ClusterRequest const& request,
                                       std::initializer_list<int> also = {});
  /// send(), and the body as a JSON object.
  [[nodiscard]] boost::json::object ask(ClusterRequest const& request);
  /// The server as the kubeconfig writes it.
  [[nodiscard]] std::string server() { return connection_->server(); }
  /// The CA that the kubeconfig trusts, PEM; empty = the system's.
  [[nodiscard]] std::string const& authority() const noexcept { return authority_; }

 private:
  core::ClusterConfig config_;
  platform::SystemClock clock_{};
  platform::StopSignal stop_{};
  platform::TransportFactory transports_;
  std::unique_ptr<kube::Connection> connection_;
  std::string authority_;
};

/// The body of a reply as a JSON object; throws ClusterError where it is none.
[[nodiscard]] boost::json::object objectIn(sdk::HttpResponse const& response);

}  // namespace kms_secretd::ctl

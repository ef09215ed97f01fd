// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "fakes/kube_double/access.hpp"
#include "fakes/kube_double/faults.hpp"
#include "fakes/kube_double/store.hpp"

namespace kms_secretd::fakes::kube {

/// One request that came in, in the order of arrival.
struct LoggedRequest {
  std::string method{};
  std::string target{};  ///< path and query as sent
  std::string accept{};
  std::string contentType{};
  std::string user{};
  std::string body{};  ///< as sent: tests look into it, the log is never printed
  int code = 0;        ///< 0: no answer was sent
};

/// How a double is started.
struct KubeDoubleOptions {
  std::string directory{};  ///< for keys and kubeconfigs; empty: an own one, removed at the end
  bool plainHttp = false;
  std::uint16_t port = 0;  ///< 0: the kernel chooses
};

/// A small Kubernetes API server on loopback: HTTPS with a CA of its own, logins by client
/// certificate and token, in-memory Secrets with the semantics of kube-apiserver 1.20.2 as far as
/// they were seen there, faults and a request log. Under /double/ it can be driven over HTTP.
class KubeDouble {
 public:
  /// Starts to serve. Throws std::runtime_error where it cannot.
  explicit KubeDouble(KubeDoubleOptions const& options = {});
  ~KubeDouble();
  KubeDouble(KubeDouble const&) = delete;
  KubeDouble& operator=(KubeDouble const&) = delete;

  /// "https://127.0.0.1:port".
  [[nodiscard]] std::string server() const;
  /// The kubeconfig of the user "admin", who may do everything; logs in by client certificate, with
  /// a token where the double serves plain HTTP.
  [[nodiscard]] std::string kubeconfig() const;
  /// Writes a kubeconfig of a user who logs in with `token`; the user has no rights yet.
  [[nodiscard]] std::string kubeconfigFor(std::string const& user, std::string const& token);

  [[nodiscard]] Store& store();
  [[nodiscard]] Access& access();
  [[nodiscard]] Faults& faults();
  [[nodiscard]] std::vector<LoggedRequest> requests() const;
  void forgetRequests();

  struct State;  ///< for the handlers

 private:
  std::unique_ptr<State> state_;
};

}  // namespace kms_secretd::fakes::kube

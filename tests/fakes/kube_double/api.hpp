// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <set>
#include <string>
#include <utility>
#include <vector>

#include "fakes/kube_double/access.hpp"
#include "fakes/kube_double/http.hpp"
#include "fakes/kube_double/leases.hpp"
#include "fakes/kube_double/store.hpp"

namespace kms_secretd::fakes::kube {

/// The part of the Kubernetes API that kms-secretd and its tests use: requests to answers.
/// Thread-safe.
class Api {
 public:
  Api(Store& store, Access& access) : store_(store), access_(access) {}

  /// Authenticates, authorizes and answers.
  Response handle(Request const& request);

  /// One line of a watch for `event`, or empty where the watch does not see it.
  [[nodiscard]] static std::string watchLine(WatchOrder const& order, Event const& event);
  /// A bookmark line.
  [[nodiscard]] static std::string bookmarkLine(WatchOrder const& order, std::uint64_t revision);
  /// The line that ends a watch with `status`.
  [[nodiscard]] static std::string errorLine(Status const& status);

 private:
  struct Route;
  Response handleAs(std::string const& user, Request const& request, Route const& route);
  Response handleSecret(std::string const& user, Request const& request, Route const& route);
  Response handleSecrets(Request const& request, Route const& route);
  Response handleNamespaces(Request const& request, Route const& route);
  Response handleLeases(Request const& request, Route const& route);
  Response handleAccounts(Request const& request, Route const& route);
  Response patchSecret(std::string const& user, Request const& request, Write const& write);
  Response removeSecret(Request const& request, Route const& route);
  Response list(Request const& request, Route const& route);
  Response watch(Request const& request, Route const& route);
  Response requestToken(Request const& request, Route const& route);

  Store& store_;
  Access& access_;
  Leases leases_{};
  std::mutex accountsMutex_;
  std::set<std::pair<std::string, std::string>> accounts_;
};

}  // namespace kms_secretd::fakes::kube

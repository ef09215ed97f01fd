// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <Poco/Net/HTTPRequestHandlerFactory.h>

#include <atomic>
#include <mutex>
#include <string>
#include <vector>

#include "fakes/kube_double/api.hpp"
#include "fakes/kube_double/kube_double.hpp"

/// Between Poco's HTTP server and the API. Only kube_double.cpp uses it.
namespace kms_secretd::fakes::kube {

/// What all handlers share.
struct Served {
  Store store{};
  Access access{};
  Faults faults{};
  Api api{store, access};
  std::atomic<bool> stopping = false;

  mutable std::mutex logMutex{};
  std::vector<LoggedRequest> log{};

  void remember(LoggedRequest entry) {
    std::scoped_lock const lock(logMutex);
    log.push_back(std::move(entry));
  }
};

/// Answers requests under /double/: faults, request log, rules, compaction.
[[nodiscard]] Response control(Served& served, Request const& request);

/// Makes the handlers; `served` outlives the server.
class HandlerFactory final : public Poco::Net::HTTPRequestHandlerFactory {
 public:
  explicit HandlerFactory(Served& served) : served_(served) {}
  Poco::Net::HTTPRequestHandler* createRequestHandler(
      Poco::Net::HTTPServerRequest const& request) override;

 private:
  Served& served_;
};

}  // namespace kms_secretd::fakes::kube

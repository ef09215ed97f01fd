// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include <kms-secretd/clock.hpp>

#include "control/desk.hpp"
#include "control/http_request.hpp"

namespace kms_secretd::control {

/// Where a request came in.
enum class Entrance {
  socket,   ///< the unix socket: everything
  metrics,  ///< TCP: /metrics, /healthz and /readyz; the Host header must name no foreign domain
};

/// True if a browser that was lured to us by a foreign DNS name would not send this Host header:
/// an address, localhost, or this machine's own name, with a port or without. Pure.
[[nodiscard]] bool hostAllowed(std::string_view host, std::string_view ownName);

/// A plan that was begun for a request.
struct PlanBegun {
  std::shared_ptr<PlanUnderWay> plan{};
  sdk::Milliseconds longest{};  ///< after that it is to end with what it knows
};

/// What answers requests. Control thread.
class Routes {
 public:
  /// `desk` outlives the routes. `patience`: how long the main loop may take to answer.
  Routes(Desk& desk, std::string ownName, sdk::Milliseconds patience)
      : desk_(desk), ownName_(std::move(ownName)), patience_(patience) {}

  [[nodiscard]] HttpReply answer(HttpRequest const& request, Entrance entrance);
  /// True if the answer takes its time: then beginPlan() is to be asked, not answer().
  [[nodiscard]] static bool asksForPlan(HttpRequest const& request, Entrance entrance);
  /// A plan that is made elsewhere, to be waited for; or why there is none.
  [[nodiscard]] std::variant<HttpReply, PlanBegun> beginPlan(HttpRequest const& request);

 private:
  [[nodiscard]] std::optional<HttpReply> answerBoth(HttpRequest const& request);
  [[nodiscard]] HttpReply answerGet(std::string const& path);
  [[nodiscard]] HttpReply answerSync(HttpRequest const& request);
  [[nodiscard]] HttpReply answerApprove(HttpRequest const& request);
  [[nodiscard]] HttpReply answerTarget(std::string_view name);
  [[nodiscard]] HttpReply health();
  [[nodiscard]] HttpReply readiness();
  [[nodiscard]] HttpReply metrics();

  Desk& desk_;
  std::string ownName_;
  sdk::Milliseconds patience_;
};

}  // namespace kms_secretd::control

// SPDX-License-Identifier: Apache-2.0
#include "emulator/control/api.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include "emulator/control/fields.hpp"

namespace kms_secretd::emulator {
namespace {

struct RouteEntry {
  std::string_view method;
  std::string_view path;
  Route run;
};

constexpr std::array kRoutes = {
    RouteEntry{"GET", "/healthz", &getHealth},
    RouteEntry{"POST", "/secrets", &putSecrets},
    RouteEntry{"GET", "/secrets", &getSecrets},
    RouteEntry{"POST", "/secrets/version", &putVersion},
    RouteEntry{"POST", "/secrets/stage", &moveSecretStage},
    RouteEntry{"POST", "/secrets/rotate", &rotateSecret},
    RouteEntry{"POST", "/secrets/delete", &deleteSecret},
    RouteEntry{"POST", "/secrets/restore", &restoreSecret},
    RouteEntry{"POST", "/secrets/deny", &denySecret},
    RouteEntry{"POST", "/secrets/allow", &allowSecret},
    RouteEntry{"POST", "/keys", &putKey},
    RouteEntry{"GET", "/keys", &getKeys},
    RouteEntry{"POST", "/keys/delete", &deleteKey},
    RouteEntry{"POST", "/roles", &putRole},
    RouteEntry{"POST", "/roles/active", &setRoleActive},
    RouteEntry{"POST", "/oidc-providers", &putOidcProvider},
    RouteEntry{"POST", "/metadata", &setMetadata},
    RouteEntry{"POST", "/client-keys", &putClientKey},
    RouteEntry{"GET", "/client-keys", &getClientKeys},
    RouteEntry{"POST", "/client-keys/delete", &deleteClientKey},
    RouteEntry{"POST", "/faults", &addFault},
    RouteEntry{"GET", "/faults", &getFaults},
    RouteEntry{"DELETE", "/faults", &deleteFaults},
    RouteEntry{"POST", "/outage", &setOutage},
    RouteEntry{"POST", "/connections/close", &closeConnections},
    RouteEntry{"GET", "/settings", &getSettings},
    RouteEntry{"POST", "/settings", &putSettings},
    RouteEntry{"GET", "/requests", &getRequests},
    RouteEntry{"DELETE", "/requests", &deleteRequests},
    RouteEntry{"GET", "/counters", &getCounters},
    RouteEntry{"POST", "/reset", &resetAll},
};

Reply jsonReply(int status, const boost::json::value& body) {
  Reply reply{status, {{"Content-Type", "application/json"}}, {}, false};
  reply.body = boost::json::serialize(body) + "\n";
  return reply;
}

Reply failure(int status, const std::string& why) {
  return jsonReply(status, boost::json::object{{"error", why}});
}

boost::json::value parseBody(const std::string& text) {
  if (text.empty()) return nullptr;
  boost::system::error_code error;
  boost::json::value json = boost::json::parse(text, error);
  if (error) throw BadInput("the body is not JSON: " + error.message());
  return json;
}

Route findRoute(const Request& request) {
  const auto* found = std::find_if(kRoutes.begin(), kRoutes.end(), [&](const RouteEntry& route) {
    return route.method == request.method && route.path == request.path;
  });
  return found == kRoutes.end() ? nullptr : found->run;
}

}  // namespace

Reply answerControl(World& world, PortSwitch& port, const Request& request) {
  const Route route = findRoute(request);
  if (route == nullptr) return failure(404, "no such route: " + request.method + request.path);
  try {
    const boost::json::value body = parseBody(request.body);
    const Params query = parseParams(request.query).value_or(Params{});
    return jsonReply(200, route({world, port, body, query}));
  } catch (const BadInput& error) {
    return failure(400, error.what());
  } catch (const std::exception& error) {
    return failure(500, error.what());
  }
}

boost::json::value getHealth(const ControlCall&) { return boost::json::object{{"ok", true}}; }

}  // namespace kms_secretd::emulator

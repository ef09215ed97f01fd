// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include <boost/json.hpp>

#include "emulator/net/http_reply.hpp"
#include "emulator/net/http_request.hpp"
#include "emulator/sign/encoding.hpp"
#include "emulator/world.hpp"

namespace kms_secretd::emulator {

/// What the control API may do to the KMS port itself.
class PortSwitch {
 public:
  virtual ~PortSwitch() = default;
  /// Closes the listening socket (clients are refused) or opens it again on the same port.
  virtual void setListening(bool listening) = 0;
  /// Ends all connections (by RST if `reset`) and returns when they are closed.
  virtual void endConnections(bool reset) = 0;
  virtual std::size_t openConnections() = 0;
};

/// One control call, parsed.
struct ControlCall {
  World& world;
  PortSwitch& port;
  const boost::json::value& body;  // null if there was none
  const Params& query;
};

/// Answers with the reply's JSON; throws BadInput.
using Route = boost::json::value (*)(const ControlCall& call);

/// Answers one control request; README.md describes all routes. Any thread.
Reply answerControl(World& world, PortSwitch& port, const Request& request);

// Routes, one file per subject.
boost::json::value putSecrets(const ControlCall& call);
boost::json::value getSecrets(const ControlCall& call);
boost::json::value putVersion(const ControlCall& call);
boost::json::value moveSecretStage(const ControlCall& call);
boost::json::value rotateSecret(const ControlCall& call);
boost::json::value deleteSecret(const ControlCall& call);
boost::json::value restoreSecret(const ControlCall& call);
boost::json::value denySecret(const ControlCall& call);
boost::json::value allowSecret(const ControlCall& call);
boost::json::value putKey(const ControlCall& call);
boost::json::value getKeys(const ControlCall& call);
boost::json::value deleteKey(const ControlCall& call);
boost::json::value putRole(const ControlCall& call);
boost::json::value setRoleActive(const ControlCall& call);
boost::json::value putOidcProvider(const ControlCall& call);
boost::json::value setMetadata(const ControlCall& call);
boost::json::value putClientKey(const ControlCall& call);
boost::json::value getClientKeys(const ControlCall& call);
boost::json::value deleteClientKey(const ControlCall& call);
boost::json::value addFault(const ControlCall& call);
boost::json::value getFaults(const ControlCall& call);
boost::json::value deleteFaults(const ControlCall& call);
boost::json::value setOutage(const ControlCall& call);
boost::json::value closeConnections(const ControlCall& call);
boost::json::value getSettings(const ControlCall& call);
boost::json::value putSettings(const ControlCall& call);
boost::json::value getRequests(const ControlCall& call);
boost::json::value deleteRequests(const ControlCall& call);
boost::json::value getCounters(const ControlCall& call);
boost::json::value resetAll(const ControlCall& call);
boost::json::value getHealth(const ControlCall& call);

}  // namespace kms_secretd::emulator

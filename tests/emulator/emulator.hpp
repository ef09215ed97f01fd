// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "emulator/certificates.hpp"
#include "emulator/control/api.hpp"
#include "emulator/net/connections.hpp"
#include "emulator/net/listener.hpp"
#include "emulator/net/tls.hpp"
#include "emulator/world.hpp"

namespace kms_secretd::emulator {

/// How to start an emulator; port 0 = chosen by the kernel.
struct Options {
  std::uint16_t port = 0;
  std::uint16_t controlPort = 0;
  std::uint16_t metadataPort = 0;
  std::filesystem::path stateDir;
  IdentityOrder identity;
  bool dieWithParent = false;
};

/// The running program: the KMS port (HTTPS, STS included), the control port and the metadata port
/// (HTTP), all on 127.0.0.1.
/// Serves from construction to destruction; C++ tests may run one in process and reach into
/// world() directly.
class Emulator : private PortSwitch {
 public:
  explicit Emulator(const Options& options);
  ~Emulator() override;

  std::uint16_t kmsPort() const { return kmsListener_.port(); }
  std::uint16_t controlPort() const { return controlListener_.port(); }
  /// Plain HTTP: the ECS metadata service and a credentials URI.
  std::uint16_t metadataPort() const { return metadataListener_.port(); }
  const std::filesystem::path& caFile() const { return identity_.caFile; }
  /// The intermediate alone; empty unless the order was for a private CA.
  const std::filesystem::path& intermediateFile() const { return identity_.intermediateFile; }
  World& world() { return world_; }
  /// The line that the program prints when it is ready.
  std::string readyLine() const;

 private:
  void setListening(bool listening) override;
  void endConnections(bool reset) override { kmsConnections_.endAll(reset); }
  std::size_t openConnections() override { return kmsConnections_.open(); }
  void serveControl(Wire& wire);
  void serveMetadata(Wire& wire);

  World world_;
  ServerIdentity identity_;
  TlsContext tls_;
  Connections kmsConnections_;
  Connections controlConnections_;
  Connections metadataConnections_;
  Guarded<int> listening_;  // its lock serialises open and close
  Listener kmsListener_;
  Listener controlListener_;
  Listener metadataListener_;
};

}  // namespace kms_secretd::emulator

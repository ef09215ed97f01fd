// SPDX-License-Identifier: Apache-2.0
#include "emulator/emulator.hpp"

#include "emulator/faults/delivery.hpp"
#include "emulator/kms/session.hpp"

namespace kms_secretd::emulator {
namespace {

constexpr std::chrono::milliseconds kControlIdle{300'000};
constexpr RequestLimits kControlLimits{65536, 256U << 20U};

std::string url(const char* scheme, std::uint16_t port) {
  return std::string(scheme) + "://127.0.0.1:" + std::to_string(port);
}

// One plain connection until its end.
template <typename Answer>
void servePlain(Wire& wire, Answer answer) {
  PlainStream stream(wire);
  RequestReader reader(stream, kControlLimits);
  Outlet outlet{stream, wire};
  for (;;) {
    ReadResult result = reader.next(kControlIdle);
    if (const auto* bad = std::get_if<BadRequest>(&result)) {
      deliver(outlet, {bad->status, {}, bad->reason + "\n", true});
      return;
    }
    const auto* request = std::get_if<Request>(&result);
    if (request == nullptr) return;
    Reply reply = answer(*request);
    reply.close = !request->keepAlive;
    if (!deliver(outlet, reply)) return;
  }
}

}  // namespace

Emulator::Emulator(const Options& options)
    : identity_(makeIdentity(options.stateDir, options.identity)),
      tls_(identity_.chain, identity_.key),
      kmsConnections_([this](Wire& wire, std::uint64_t id) { serveKms(world_, tls_, wire, id); }),
      controlConnections_([this](Wire& wire, std::uint64_t) { serveControl(wire); }),
      metadataConnections_([this](Wire& wire, std::uint64_t) { serveMetadata(wire); }),
      kmsListener_(options.port, [this](int fd) { kmsConnections_.adopt(fd); }),
      controlListener_(options.controlPort, [this](int fd) { controlConnections_.adopt(fd); }),
      metadataListener_(options.metadataPort, [this](int fd) { metadataConnections_.adopt(fd); }) {
  world_.settings.with([this](Settings& settings) { settings.kmsPort = kmsListener_.port(); });
  setListening(true);
  controlListener_.open();
  metadataListener_.open();
}

Emulator::~Emulator() {
  metadataListener_.close();
  metadataConnections_.endAll(false);
  controlListener_.close();
  controlConnections_.endAll(false);
  setListening(false);
  kmsConnections_.endAll(false);
}

void Emulator::setListening(bool listening) {
  listening_.with([&](int&) {
    if (listening) {
      kmsListener_.open();
    } else {
      kmsListener_.close();
    }
  });
}

void Emulator::serveControl(Wire& wire) {
  servePlain(wire,
             [this](const Request& request) { return answerControl(world_, *this, request); });
}

void Emulator::serveMetadata(Wire& wire) {
  servePlain(wire, [this](const Request& request) { return answerMetadata(world_, request); });
}

std::string Emulator::readyLine() const {
  boost::json::object line{{"kms", url("https", kmsPort())},
                           {"control", url("http", controlPort())},
                           {"metadata", url("http", metadataPort())},
                           {"ca", caFile().string()}};
  if (!intermediateFile().empty()) line["intermediate"] = intermediateFile().string();
  return boost::json::serialize(line);
}

}  // namespace kms_secretd::emulator

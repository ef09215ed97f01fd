// SPDX-License-Identifier: Apache-2.0
// request-loop raw|transport PORT CA COUNT: sends COUNT equal requests over one connection, by
// OpenSSL alone or by the daemon's transport. Counted from outside, by instructions.
#include <chrono>
#include <cstdlib>
#include <exception>
#include <fstream>
#include <iostream>
#include <sstream>
#include <stdexcept>
#include <string>

#include "platform/clock.hpp"
#include "platform/stop.hpp"
#include "platform/transport_factory.hpp"
#include "raw_https.hpp"

namespace {

using namespace kms_secretd;

constexpr char const* target = "/?Action=GetSecretValue&SecretName=prod%2Fdb&Version=2016-01-20";

void rawLoop(std::string const& port, std::string const& ca, int count) {
  auto const context = bench::rawContext({.port = port, .caFile = ca});
  bench::RawConnection connection(context.get(), port);
  auto const request = std::string("GET ") + target +
                       " HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: application/json\r\n"
                       "User-Agent: kms-secretd/bench\r\n\r\n";
  for (int i = 0; i < count; ++i) {
    if (connection.exchange(request) != 200) throw std::runtime_error("not 200");
  }
}

void transportLoop(std::string const& port, std::string const& ca, int count) {
  platform::SystemClock const clock;
  platform::StopSignal const stop;
  platform::TransportFactory factory(clock, stop);
  std::ifstream in(ca);
  std::stringstream roots;
  roots << in.rdbuf();
  sdk::TransportSpec spec;
  spec.host = "127.0.0.1";
  spec.port = static_cast<std::uint16_t>(std::atoi(port.c_str()));
  spec.rootsPem = roots.str();
  auto transport = factory.open(spec);
  if (!transport) throw std::runtime_error(transport.failure().message);
  // Made once, as the raw loop's.
  sdk::HttpRequest request;
  request.target = target;
  request.headers = {{.name = "Accept", .value = "application/json"},
                     {.name = "User-Agent", .value = "kms-secretd/bench"}};
  for (int i = 0; i < count; ++i) {
    request.deadline = clock.boot() + std::chrono::seconds(60);
    auto const reply = transport.value()->send(request);
    if (!reply || reply.value().status != 200) throw std::runtime_error("not 200");
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 5) {
    std::cerr << "usage: request-loop raw|transport PORT CA COUNT\n";
    return 2;
  }
  try {
    auto* const loop = std::string(argv[1]) == "raw" ? rawLoop : transportLoop;
    loop(argv[2], argv[3], std::atoi(argv[4]));
  } catch (std::exception const& error) {
    std::cerr << "request-loop: " << error.what() << "\n";
    return 1;
  }
  return 0;
}

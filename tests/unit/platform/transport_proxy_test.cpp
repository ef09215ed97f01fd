// SPDX-License-Identifier: Apache-2.0
#include <chrono>
#include <mutex>
#include <string>

#include "transport_bench.hpp"

#include <CppUTest/TestHarness.h>

using namespace kms_secretd;
using namespace kms_secretd::platform;
using namespace std::chrono_literals;

TEST_GROUP(TransportProxy) {
  TransportBench bench;
  std::mutex mutex;
  std::string connectHead;

  // Proxy and server in one: hears CONNECT in the clear, answers, then is the TLS server itself.
  fakes::ScriptedServer::Script proxying(std::string answer) {
    return [this, answer](fakes::ServerConnection& connection) {
      std::string const head = connection.readRawHead();
      {
        std::lock_guard const lock(mutex);
        connectHead = head;
      }
      connection.writeRaw(answer);
      if (connection.handshake()) answering(TransportBench::ok)(connection);
    };
  }
  fakes::ScriptedServerOptions options() {
    auto options = bench.serverOptions();
    options.handshakeFirst = false;
    return options;
  }
  sdk::TransportSpec through(std::uint16_t port) {
    auto spec = bench.spec(443);
    spec.connectAddress.clear();
    spec.proxy = "http://127.0.0.1:" + std::to_string(port);
    return spec;
  }
  std::string heard() {
    std::lock_guard const lock(mutex);
    return connectHead;
  }
};

TEST(TransportProxy, TunnelsWithConnectAndVerifiesTheServerBehind) {
  fakes::ScriptedServer proxy(options(), proxying("HTTP/1.1 200 Connection established\r\n\r\n"));
  auto const transport = bench.open(through(proxy.port()));
  for (int i = 0; i < 3; ++i) {
    auto const reply = transport->send(bench.get());
    STRCMP_EQUAL("(ok)", messageOf(reply).c_str());
  }
  CHECK_EQUAL(1, proxy.connections());
  // The name went to the proxy unresolved: the bench's resolver knows no name at all.
  CHECK(heard().starts_with("CONNECT kms.test:443 HTTP/1.1\r\nHost: kms.test:443\r\n"));
  auto spec = through(proxy.port());
  spec.host = "wrong.test";
  auto const reply = bench.open(spec)->send(bench.get());
  CHECK(!reply.ok());
  CHECK(contains(messageOf(reply), "not valid for the host name wrong.test"));
}

TEST(TransportProxy, ARefusalNamesProxyStatusAndRemedy) {
  for (auto const& [status, remedy] :
       {std::pair{"407 Auth", "not supported"}, std::pair{"403 No", "allow this host"},
        std::pair{"502 Bad Gateway", "check the proxy"}}) {
    fakes::ScriptedServer proxy(options(), proxying(std::string("HTTP/1.1 ") + status +
                                                    "\r\nContent-Length: 3\r\n\r\nno!"));
    auto const reply = bench.open(through(proxy.port()))->send(bench.get());
    CHECK(!reply.ok());
    CHECK(reply.failure().kind == sdk::FailureKind::unavailable);
    std::string const name = "proxy 127.0.0.1:" + std::to_string(proxy.port());
    CHECK_TEXT(contains(messageOf(reply), name), messageOf(reply).c_str());
    CHECK(contains(messageOf(reply), std::string(status).substr(0, 3)));
    CHECK(contains(messageOf(reply), remedy));
  }
}

TEST(TransportProxy, BytesBehindTheProxysAnswerAreRefused) {
  fakes::ScriptedServer proxy(options(), proxying("HTTP/1.1 200 OK\r\n\r\nsurprise"));
  auto const reply = bench.open(through(proxy.port()))->send(bench.get());
  CHECK(!reply.ok());
  CHECK(reply.failure().kind == sdk::FailureKind::invalid_response);
}

TEST(TransportProxy, ASilentProxyEndsWithTheDeadline) {
  fakes::ScriptedServer proxy(options(), [](auto& connection) { connection.hold(); });
  auto const reply = bench.open(through(proxy.port()))->send(bench.get("/", 200ms));
  CHECK(!reply.ok());
  CHECK(reply.failure().kind == sdk::FailureKind::timed_out);
}

TEST(TransportProxy, AGarbageProxyIsInvalid) {
  fakes::ScriptedServer proxy(options(), proxying("SSH-2.0-OpenSSH_9.2\r\n\r\n"));
  auto const reply = bench.open(through(proxy.port()))->send(bench.get());
  CHECK(!reply.ok());
  CHECK(reply.failure().kind == sdk::FailureKind::invalid_response);
}

TEST(TransportProxy, TheEnvironmentsProxyIsNotUsed) {
  // Set for this process only while the transport connects.
  fakes::ScriptedServer server(bench.serverOptions(), answering(TransportBench::ok));
  ::setenv("https_proxy", "http://127.0.0.1:1", 1);
  auto const reply = bench.open(bench.spec(server.port()))->send(bench.get());
  ::unsetenv("https_proxy");
  CHECK(reply.ok());
}

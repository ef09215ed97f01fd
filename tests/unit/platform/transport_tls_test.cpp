// SPDX-License-Identifier: Apache-2.0
#include <openssl/ssl.h>

#include <mutex>
#include <string>
#include <vector>

#include "platform/connection.hpp"
#include "platform/tls_context.hpp"
#include "transport_bench.hpp"

#include <CppUTest/TestHarness.h>

using namespace kms_secretd;
using namespace kms_secretd::platform;

TEST_GROUP(TransportTls) {
  TransportBench bench;
  std::mutex mutex;
  std::vector<fakes::HandshakeFacts> facts;

  // Notes the handshake, answers once, and ends the connection in order.
  fakes::ScriptedServer::Script noting() {
    return [this](fakes::ServerConnection& connection) {
      {
        std::lock_guard const lock(mutex);
        facts.push_back(connection.facts());
      }
      connection.readRequest();
      connection.write("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
      connection.closeCleanly();
    };
  }
  fakes::HandshakeFacts lastFacts() {
    std::lock_guard const lock(mutex);
    return facts.empty() ? fakes::HandshakeFacts{} : facts.back();
  }
  sdk::Result<sdk::HttpResponse> sendOnce(sdk::TransportSpec const& spec) {
    auto const transport = bench.open(spec);
    if (transport == nullptr) return bench.factory.open(spec).failure();
    return transport->send(bench.get());
  }
  void checkRefused(sdk::Result<sdk::HttpResponse> const& reply, char const* why) {
    CHECK(!reply.ok());
    CHECK(reply.failure().kind == sdk::FailureKind::unavailable);
    CHECK_TEXT(contains(messageOf(reply), why), messageOf(reply).c_str());
  }
};

TEST(TransportTls, CorrectedDefaultCurvesAskForX25519First) {
  fakes::ScriptedServer server(bench.serverOptions(), noting());
  CHECK(sendOnce(bench.spec(server.port())).ok());
  STRCMP_EQUAL("x25519", lastFacts().group.c_str());
  STRCMP_EQUAL("TLSv1.3", lastFacts().version.c_str());
}

TEST(TransportTls, CorrectedDefaultCurvesFallBackToP256AndLeaveX448Out) {
  auto options = bench.serverOptions();
  options.groups = "P-256";
  fakes::ScriptedServer p256(options, noting());
  CHECK(sendOnce(bench.spec(p256.port())).ok());
  CHECK(contains(lastFacts().group, "256"));
  options.groups = "X448";
  fakes::ScriptedServer x448(options, noting());
  checkRefused(sendOnce(bench.spec(x448.port())), "TLS handshake failed");
}

TEST(TransportTls, CorrectedDefaultMinimumIsTls12) {
  auto options = bench.serverOptions();
  options.maxTls = TLS1_2_VERSION;
  fakes::ScriptedServer good(options, noting());
  CHECK(sendOnce(bench.spec(good.port())).ok());
  STRCMP_EQUAL("TLSv1.2", lastFacts().version.c_str());
  options.maxTls = TLS1_1_VERSION;
  fakes::ScriptedServer old(options, noting());
  checkRefused(sendOnce(bench.spec(old.port())), "TLS 1.2");
}

TEST(TransportTls, CorrectedDefaultVerificationIsStrictOnLoopbackToo) {
  fakes::ScriptedServer server(bench.serverOptions(), noting());
  for (char const* name : {"localhost", "127.0.0.1", "other.test"}) {
    auto spec = bench.spec(server.port());
    spec.host = name;
    checkRefused(sendOnce(spec), (std::string("not valid for the host name ") + name).c_str());
  }
  CHECK(sendOnce(bench.spec(server.port())).ok());
}

TEST(TransportTls, VerifiesTheHostInTheHandshakeBeforeAnythingIsSent) {
  std::string received;
  {
    fakes::ScriptedServer server(bench.serverOptions(), [&](fakes::ServerConnection& connection) {
      received = connection.readRequest();
    });
    auto spec = bench.spec(server.port());
    spec.host = "wrong.test";
    checkRefused(sendOnce(spec), "it is for: kms.test");
  }
  STRCMP_EQUAL("", received.c_str());
}

TEST(TransportTls, ResumesSessionsUnderTls13AndTls12) {
  for (int const version : {TLS1_3_VERSION, TLS1_2_VERSION}) {
    auto options = bench.serverOptions();
    options.minTls = options.maxTls = version;
    fakes::ScriptedServer server(options, noting());
    auto const transport = bench.open(bench.spec(server.port()));
    CHECK(transport->send(bench.get()).ok());
    CHECK(!lastFacts().resumed);
    for (int i = 0; i < 3; ++i) {
      CHECK(transport->send(bench.get()).ok());
      CHECK(lastFacts().resumed);
    }
    CHECK_EQUAL(4, server.connections());
  }
}

TEST(TransportTls, ASessionOfOneTransportIsNotUsedByAnother) {
  fakes::ScriptedServer server(bench.serverOptions(), noting());
  CHECK(sendOnce(bench.spec(server.port())).ok());
  CHECK(sendOnce(bench.spec(server.port())).ok());
  CHECK(!lastFacts().resumed);
}

TEST(TransportTls, ResumptionDoesNotGrowOpensslsOwnCache) {
  fakes::ScriptedServer server(bench.serverOptions(), noting());
  TlsContexts contexts;
  auto const context = contexts.contextFor(bench.spec(server.port())).value();
  WaitScope const scope{.clock = bench.clock,
                        .deadline = bench.clock.boot() + std::chrono::seconds(10)};
  for (int i = 0; i < 10; ++i) {
    auto const connection = Connection::dial("127.0.0.1", server.port(), scope);
    connection->secure(context, TransportBench::host, nullptr, scope);
    connection->send("GET / HTTP/1.1\r\n\r\n", scope, "testing");
    char byte = 0;
    CHECK_EQUAL(1, connection->receive(&byte, 1, scope, "testing"));
    CHECK(connection->session() != nullptr);
  }
  SSL_CTX* const raw = context->raw();
  CHECK_EQUAL(0, SSL_CTX_sess_number(raw));
  CHECK_EQUAL(SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL,
              SSL_CTX_get_session_cache_mode(raw));
}

TEST(TransportTls, PlaintextInRecordBuffersIsCleansed) {
  TlsContexts contexts;
  auto const context = contexts.contextFor(bench.spec(1)).value();
  auto const options = SSL_CTX_get_options(context->raw());
  CHECK((options & SSL_OP_CLEANSE_PLAINTEXT) != 0);
  CHECK((options & SSL_OP_NO_RENEGOTIATION) != 0);
}

TEST(TransportTls, TransportsToTheSystemsRootsShareOneContext) {
  TlsContexts contexts;
  sdk::TransportSpec spec;
  spec.host = "a.test";
  auto const first = contexts.contextFor(spec).value();
  spec.host = "b.test";
  CHECK(first == contexts.contextFor(spec).value());
  auto const identity = bench.authority.issue({.commonName = "client"});
  spec.clientCertificatePem = identity.certificatePem;
  spec.clientKeyPem.append(identity.keyPem);
  auto const own = contexts.contextFor(spec).value();
  CHECK(own != first);
  POINTERS_EQUAL(SSL_CTX_get_cert_store(first->raw()), SSL_CTX_get_cert_store(own->raw()));
}

TEST(TransportTls, AForeignCaIsRefusedWithTheReason) {
  fakes::ScriptedServer server(bench.serverOptions(), noting());
  auto spec = bench.spec(server.port());
  spec.rootsPem = fakes::TestAuthority("Foreign Root").certificatePem();
  checkRefused(sendOnce(spec), "configure the CA that issued it");
  spec.rootsPem.clear();  // the system's roots
  checkRefused(sendOnce(spec), "certificate is not trusted");
}

TEST(TransportTls, AnExpiredCertificateSaysSo) {
  auto options = bench.serverOptions();
  options.identity = bench.authority.issue(
      {.hosts = {TransportBench::host}, .validFromDays = -30, .validToDays = -1});
  fakes::ScriptedServer expired(options, noting());
  checkRefused(sendOnce(bench.spec(expired.port())), "certificate has expired; renew it");
  options.identity = bench.authority.issue(
      {.hosts = {TransportBench::host}, .validFromDays = 5, .validToDays = 9});
  fakes::ScriptedServer future(options, noting());
  checkRefused(sendOnce(bench.spec(future.port())), "not yet valid; correct this host's clock");
}

TEST(TransportTls, AnIntermediateIsTrustedOnlyWithPartialChain) {
  auto const intermediate = bench.authority.issueAuthority("Test Intermediate");
  auto options = bench.serverOptions();
  options.identity = intermediate.issue({.hosts = {TransportBench::host}});
  fakes::ScriptedServer server(options, noting());
  auto spec = bench.spec(server.port());
  CHECK(sendOnce(spec).ok());  // by the root
  spec.rootsPem = intermediate.certificatePem();
  checkRefused(sendOnce(spec), "certificate is not trusted");
  spec.partialChain = true;
  CHECK(sendOnce(spec).ok());
  spec.host = "wrong.test";
  checkRefused(sendOnce(spec), "not valid for the host name");
  spec.host = TransportBench::host;
  spec.rootsPem = bench.authority.issueAuthority("Another Intermediate").certificatePem();
  checkRefused(sendOnce(spec), "certificate is not trusted");
}

TEST(TransportTls, AnAddressIsVerifiedAsAddressAndNotSentAsServerName) {
  auto options = bench.serverOptions();
  options.identity = bench.authority.issue({.hosts = {"127.0.0.1"}});
  fakes::ScriptedServer server(options, noting());
  auto spec = bench.spec(server.port());
  spec.host = "127.0.0.1";
  spec.connectAddress.clear();
  CHECK(sendOnce(spec).ok());
  STRCMP_EQUAL("", lastFacts().serverName.c_str());
}

TEST(TransportTls, TheHostIsSentAsServerNameWhateverIsDialled) {
  fakes::ScriptedServer server(bench.serverOptions(), noting());
  CHECK(sendOnce(bench.spec(server.port())).ok());
  STRCMP_EQUAL("kms.test", lastFacts().serverName.c_str());
}

TEST(TransportTls, APeerWithoutTlsIsNamedAsSuch) {
  fakes::ScriptedServer server({.tls = false}, [](fakes::ServerConnection& connection) {
    connection.write("HTTP/1.1 400 Bad Request\r\n\r\n");
    connection.hold();
  });
  checkRefused(sendOnce(bench.spec(server.port())), "does not speak TLS on this port");
}

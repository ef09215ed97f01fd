// SPDX-License-Identifier: Apache-2.0
#include <mutex>
#include <string>

#include "transport_bench.hpp"

#include <CppUTest/TestHarness.h>

using namespace kms_secretd;
using namespace kms_secretd::platform;

TEST_GROUP(ClientCertificate) {
  TransportBench bench;
  fakes::TestAuthority clients{"Client Root"};
  std::mutex mutex;
  std::string subject;

  fakes::ScriptedServerOptions demanding() {
    auto options = bench.serverOptions();
    options.clientCaPem = clients.certificatePem();
    return options;
  }
  fakes::ScriptedServer::Script noting() {
    return [this](fakes::ServerConnection& connection) {
      {
        std::lock_guard const lock(mutex);
        subject = connection.facts().clientSubject;
      }
      answering(TransportBench::ok)(connection);
    };
  }
  sdk::TransportSpec specWith(std::uint16_t port, fakes::TestIdentity const& identity) {
    auto spec = bench.spec(port);
    spec.clientCertificatePem = identity.certificatePem;
    spec.clientKeyPem.append(identity.keyPem);
    return spec;
  }
  void checkUnusable(sdk::TransportSpec const& spec, char const* why) {
    auto const opened = bench.factory.open(spec);
    CHECK(!opened.ok());
    CHECK(opened.failure().kind == sdk::FailureKind::invalid_request);
    CHECK_TEXT(contains(messageOf(opened), why), messageOf(opened).c_str());
  }
};

TEST(ClientCertificate, IsShownToAServerThatDemandsIt) {
  fakes::ScriptedServer server(demanding(), noting());
  auto const identity = clients.issueAuthority("Below").issue({.commonName = "kms-secretd"});
  auto const transport = bench.open(specWith(server.port(), identity));
  auto const reply = transport->send(bench.get());
  STRCMP_EQUAL("(ok)", messageOf(reply).c_str());
  std::lock_guard const lock(mutex);
  STRCMP_EQUAL("kms-secretd", subject.c_str());
}

TEST(ClientCertificate, ItsAbsenceIsNamed) {
  fakes::ScriptedServer server(demanding(), noting());
  auto const reply = bench.open(bench.spec(server.port()))->send(bench.get());
  CHECK(!reply.ok());
  CHECK(reply.failure().kind == sdk::FailureKind::unavailable);
  CHECK_TEXT(contains(messageOf(reply), "wants a client certificate"), messageOf(reply).c_str());
}

TEST(ClientCertificate, OfAForeignIssuerIsRefusedByTheServer) {
  fakes::ScriptedServer server(demanding(), noting());
  auto const identity = fakes::TestAuthority("Foreign").issue({.commonName = "nobody"});
  auto const reply = bench.open(specWith(server.port(), identity))->send(bench.get());
  CHECK(!reply.ok());
  CHECK_TEXT(contains(messageOf(reply), "client certificate"), messageOf(reply).c_str());
}

TEST(ClientCertificate, AKeyThatDoesNotMatchIsRefusedAtOpen) {
  auto mixed = clients.issue({.commonName = "one"});
  mixed.keyPem = clients.issue({.commonName = "two"}).keyPem;
  checkUnusable(specWith(443, mixed), "does not belong to the certificate");
}

TEST(ClientCertificate, HalvesAreRefusedAtOpen) {
  auto const identity = clients.issue({.commonName = "one"});
  checkUnusable(specWith(443, {.certificatePem = identity.certificatePem}), "its key is missing");
  checkUnusable(specWith(443, {.keyPem = identity.keyPem}), "its certificate is missing");
}

TEST(ClientCertificate, GarbageAndTruncationAreRefusedAtOpen) {
  auto const good = clients.issue({.commonName = "one"});
  auto bad = good;
  bad.certificatePem = "not a certificate";
  checkUnusable(specWith(443, bad), "holds no certificate");
  bad.certificatePem = good.certificatePem.substr(0, good.certificatePem.size() / 2);
  checkUnusable(specWith(443, bad), "the client certificate");
  bad = good;
  bad.keyPem = good.keyPem.substr(0, 60);
  checkUnusable(specWith(443, bad), "no private key that can be read");
}

TEST(ClientCertificate, AnEncryptedKeyIsRefusedWithoutAskingAtTheTerminal) {
  auto identity = clients.issue({.commonName = "one"});
  identity.keyPem =
      "-----BEGIN ENCRYPTED PRIVATE KEY-----\n"
      "MIHsMFcGCSqGSIb3DQEFDTBKMCkGCSqGSIb3DQEFDDAcBAhf/+jkcZ6yYQICCAAw\n"
      "DAYIKoZIhvcNAgkFADAdBglghkgBZQMEASoEEDWZRkWnWVUUmHNPUUjNyqQEgZAv\n"
      "-----END ENCRYPTED PRIVATE KEY-----\n";
  auto const opened = bench.factory.open(specWith(443, identity));
  CHECK(!opened.ok());
  CHECK(opened.failure().kind == sdk::FailureKind::invalid_request);
}

TEST(ClientCertificate, UnreadableRootsAreRefusedAtOpen) {
  auto spec = bench.spec(443);
  spec.rootsPem = "no roots here";
  checkUnusable(spec, "the trusted roots: the PEM text holds no certificate");
  spec.rootsPem = bench.authority.certificatePem() +
                  "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
  checkUnusable(spec, "certificate number 2");
}

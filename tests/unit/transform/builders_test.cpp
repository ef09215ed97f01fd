// SPDX-License-Identifier: Apache-2.0
#include "transform/builders.hpp"

#include <string>

#include "fakes/test_certificates.hpp"

#include <CppUTest/TestHarness.h>

using namespace kms_secretd;

TEST_GROUP(TlsBuilder) {
  fakes::TestAuthority root{"Root"};
  fakes::TestAuthority below = root.issueAuthority("Below");
  fakes::TestIdentity identity = below.issue({.hosts = {"a.example"}});
  core::TargetDefinition definition{
      .type = "kubernetes.io/tls",
      .builds = {{.certificate = "crt", .privateKey = "key", .origin = {"f", 1, 1}}}};
  std::string key = identity.keyPem;

  std::variant<transform::Built, core::RenderFailure> build(std::string const& certificate,
                                                            std::string const& chain = {}) {
    definition.builds[0].chain = chain.empty() ? "" : "chain";
    transform::TemplateValues values{{"crt", certificate}, {"key", key}, {"chain", chain}};
    return transform::build(definition, values);
  }
  std::string failureOf(std::string const& certificate) {
    auto const built = build(certificate);
    auto const* failure = std::get_if<core::RenderFailure>(&built);
    return failure == nullptr ? "no failure" : failure->message;
  }
  std::string leaf() const {
    std::string const end = "-----END CERTIFICATE-----\n";
    return identity.certificatePem.substr(0, identity.certificatePem.find(end) + end.size());
  }
};

TEST(TlsBuilder, TakesACertificateWithItsChainAndItsKeyByteForByte) {
  auto const built = build(identity.certificatePem);
  auto const& made = std::get<transform::Built>(built);
  CHECK_EQUAL(std::string("tls.crt"), made.keys.at(0).key);
  CHECK_TRUE(made.keys.at(0).value.reveal() == identity.certificatePem);
  CHECK_EQUAL(std::string("tls.key"), made.keys.at(1).key);
  CHECK_TRUE(made.keys.at(1).value.reveal() == identity.keyPem);
}

TEST(TlsBuilder, ReportsTheEndOfTheCertificate) {
  auto const built = build(identity.certificatePem);
  auto const& notes = std::get<transform::Built>(built).notes;
  CHECK_EQUAL(1U, notes.size());
  STRCMP_CONTAINS("the certificate in tls.crt ends 20", notes[0].c_str());
}

TEST(TlsBuilder, JoinsAChainThatStandsApart) {
  auto withoutNewline = leaf();
  withoutNewline.pop_back();
  auto const built = build(withoutNewline, below.certificatePem());
  auto const& made = std::get<transform::Built>(built);
  CHECK_TRUE(made.keys.at(0).value.reveal() == leaf() + below.certificatePem());
}

TEST(TlsBuilder, RefusesAKeyOfAnotherCertificate) {
  key = below.issue({}).keyPem;
  STRCMP_EQUAL("the private key does not belong to the certificate (f:1:1)",
               failureOf(identity.certificatePem).c_str());
}

TEST(TlsBuilder, RefusesAChainInAnotherOrderOrWithAStranger) {
  STRCMP_CONTAINS("certificate 1 was not issued by certificate 2",
                  failureOf(leaf() + root.certificatePem() + below.certificatePem()).c_str());
  STRCMP_CONTAINS(
      "certificate 2 was not issued by certificate 3",
      failureOf(identity.certificatePem + fakes::TestAuthority("Root").certificatePem()).c_str());
}

TEST(TlsBuilder, RefusesWhatIsNoCertificateWithoutShowingIt) {
  for (std::string const bad : {"CANARY", "", "-----BEGIN CERTIFICATE-----\nCANARY\n"}) {
    auto const failure = failureOf(bad);
    CHECK_TRUE(failure != "no failure" && failure.find("CANARY") == std::string::npos);
  }
}

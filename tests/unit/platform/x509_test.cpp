// SPDX-License-Identifier: Apache-2.0
#include <chrono>
#include <string>

#include "fakes/test_certificates.hpp"
#include "platform/clock.hpp"
#include "platform/x509.hpp"

#include <CppUTest/TestHarness.h>

using namespace kms_secretd;
using namespace kms_secretd::platform;
using namespace std::chrono_literals;

TEST_GROUP(X509Checks) {
  fakes::TestAuthority authority{"Root"};
  SystemClock clock;
};

TEST(X509Checks, TellTheEndOfTheFirstCertificate) {
  auto const identity = authority.issueAuthority("Below").issue({.validToDays = 10});
  auto const end = certificateExpiry(identity.certificatePem);
  CHECK(end.ok());
  auto const left = end.value() - clock.wall();
  CHECK(left > 9 * 24h);
  CHECK(left < 11 * 24h);
}

TEST(X509Checks, TellWhetherAKeyBelongsToACertificate) {
  auto const one = authority.issue({});
  auto const two = authority.issue({});
  CHECK(keyMatchesCertificate(one.certificatePem, one.keyPem).value());
  CHECK(!keyMatchesCertificate(one.certificatePem, two.keyPem).value());
}

TEST(X509Checks, RefuseGarbageAndTruncationWithoutShowingIt) {
  auto const identity = authority.issue({});
  std::string const half = identity.certificatePem.substr(0, identity.certificatePem.size() / 2);
  for (std::string const& bad : {std::string(), std::string("CANARY"), half, identity.keyPem,
                                 std::string("-----BEGIN CERTIFICATE-----\nCANARY\n"
                                             "-----END CERTIFICATE-----\n"),
                                 std::string(1'000'000, '-')}) {
    auto const end = certificateExpiry(bad);
    CHECK(!end.ok());
    CHECK(end.failure().kind == sdk::FailureKind::invalid_request);
    CHECK(end.failure().message.find("CANARY") == std::string::npos);
    CHECK(!keyMatchesCertificate(bad, identity.keyPem).ok());
  }
  for (std::string const& bad :
       {std::string("CANARY"), identity.keyPem.substr(0, 80), identity.certificatePem}) {
    auto const match = keyMatchesCertificate(identity.certificatePem, bad);
    CHECK(!match.ok());
    CHECK(match.failure().message.find("CANARY") == std::string::npos);
  }
}

// SPDX-License-Identifier: Apache-2.0
#include "kms-instance-endpoint/client_key.hpp"

#include <chrono>
#include <cstddef>
#include <string>

#include <openssl/evp.h>
#include <openssl/provider.h>

#include "emulator/instance/key_maker.hpp"
#include "vectors.hpp"

#include <CppUTest/TestHarness.h>

using namespace kms_secretd;
using namespace kms_secretd::kms_instance_endpoint;
using emulator::KeyForm;
using emulator::KeyOrder;
using emulator::makeClientKey;

namespace {

constexpr char const* password = "Unit-Test*2026";
constexpr char const* forms[] = {"client_key_json_legacy_rc2", "client_key_json_3des",
                                 "client_key_json_pbes2"};

std::string problemOf(std::string const& file, std::string const& text = password) {
  try {
    static_cast<void>(parseClientKey(file, text));
    return "(accepted)";
  } catch (ClientKeyError const& error) {
    return error.what();
  }
}

std::string problemOfPem(std::string const& pem) {
  try {
    static_cast<void>(parsePemKey(pem, "KAAP.1"));
    return "(accepted)";
  } catch (ClientKeyError const& error) {
    return error.what();
  }
}

bool contains(std::string const& text, char const* part) {
  return text.find(part) != std::string::npos;
}

std::string fileWith(std::string const& data) {
  return R"({"KeyId":"KAAP.1","PrivateKeyData":")" + data + "\"}";
}

}  // namespace

TEST_GROUP(ClientKeyFile){};

TEST(ClientKeyFile, OpensAllThreeFormsWithoutTheLegacyProvider) {
  LONGS_EQUAL(0, OSSL_PROVIDER_available(nullptr, "legacy"));
  auto const expected = parsePemKey(keyPart("private_key_pem"), "x");
  for (auto const* form : forms) {
    auto const key = parseClientKey(keyPart(form), password);
    STRCMP_EQUAL_TEXT("KAAP.unit-test-0001", key->id().c_str(), form);
    LONGS_EQUAL_TEXT(1, EVP_PKEY_eq(key->rsa(), expected->rsa()), form);
  }
}

TEST(ClientKeyFile, ReadsTheCertificateOfAllThreeForms) {
  for (auto const* form : forms) {
    auto const key = parseClientKey(keyPart(form), password);
    STRCMP_EQUAL_TEXT(keyPart("certificate_pem").c_str(), key->certificatePem().c_str(), form);
    CHECK_TRUE_TEXT(key->expiresAt().has_value(), form);
  }
}

TEST(ClientKeyFile, OpensWhatTheEmulatorMakesInAllThreeForms) {
  for (auto const form : {KeyForm::rc2, KeyForm::tripleDes, KeyForm::pbes2}) {
    auto const made = makeClientKey(
        {.id = "KAAP.made", .form = form, .password = "Ab1-Ab1-", .notAfter = 1'788'249'600});
    auto const key = parseClientKey(made.json, "Ab1-Ab1-");
    CHECK(key->expiresAt() == sdk::WallTime(std::chrono::seconds(1'788'249'600)));
    STRCMP_EQUAL(made.certificatePem.c_str(), key->certificatePem().c_str());
  }
}

TEST(ClientKeyFile, TakesAPasswordFileWithItsNewline) {
  for (auto const* end : {"\n", "\r\n", " \n", "\n\n"}) {
    STRCMP_EQUAL("(accepted)", problemOf(keyPart(forms[0]), password + std::string(end)).c_str());
  }
}

TEST(ClientKeyFile, TakesTheNamesOfTheApi) {
  auto file = keyPart(forms[1]);
  file.replace(file.find("KeyId"), 5, "ClientKeyId");
  STRCMP_EQUAL("(accepted)", problemOf(file).c_str());
}

TEST(ClientKeyFile, SaysThatThePasswordIsWrong) {
  for (auto const* form : forms) {
    CHECK(problemOf(keyPart(form), "Unit-Test*2027")
              .starts_with("the password of the client key "
                           "is wrong"));
  }
  CHECK(problemOf(keyPart(forms[0]), "\n").starts_with("the password of the client key is empty"));
}

TEST(ClientKeyFile, SaysThatItIsNotJson) {
  for (auto const* text : {"", "KAAP", "{", "[]", "-----BEGIN PRIVATE KEY-----"}) {
    CHECK_TRUE_TEXT(problemOf(text).starts_with("the client key is not JSON"), text);
  }
}

TEST(ClientKeyFile, SaysWhichMemberIsMissing) {
  CHECK(problemOf(R"({"PrivateKeyData":"AAAA"})").starts_with("the client key has no KeyId"));
  CHECK(problemOf(R"({"KeyId":"a b","PrivateKeyData":"AAAA"})")
            .starts_with("the client key has no KeyId"));
  CHECK(problemOf(R"({"KeyId":"KAAP.1"})").starts_with("the client key has no PrivateKeyData"));
}

TEST(ClientKeyFile, SaysThatItIsNotBase64) {
  CHECK(contains(problemOf(fileWith("AAA")), "is not base64"));
  CHECK(contains(problemOf(fileWith("AA!A")), "is not base64"));
}

TEST(ClientKeyFile, SaysThatItIsNoPkcs12) {
  CHECK(contains(problemOf(fileWith("AAAA")), "is no PKCS#12"));
  CHECK(contains(problemOf(fileWith("MIIBAA==")), "is no PKCS#12"));
}

TEST(ClientKeyFile, SaysThatTheKeyIsOfAnotherKind) {
  auto const small = makeClientKey({.id = "KAAP.1", .password = password, .bits = 1024});
  CHECK(contains(problemOf(small.json), "fewer than 2048 bits"));
  auto const curve = makeClientKey({.id = "KAAP.1", .password = password, .bits = 0});
  CHECK(contains(problemOf(curve.json), "is not an RSA key"));
}

TEST(ClientKeyFile, SaysThatItIsTooLarge) {
  CHECK(contains(problemOf(std::string(70'000, ' ')), "larger than 64 KiB"));
}

TEST(ClientKeyFile, SurvivesEveryTruncationAndFlippedByte) {
  auto const whole = keyPart(forms[0]);
  for (std::size_t i = 0; i < whole.size(); i += 7) {
    CHECK(problemOf(whole.substr(0, i)) != "(accepted)");
    auto changed = whole;
    changed[i] = static_cast<char>(changed[i] ^ 1);
    auto const problem = problemOf(changed);  // most are refused, none crashes
    CHECK_FALSE(problem.empty());
  }
}

TEST(ClientKeyFile, ReadsAKeyInPem) {
  auto const key = parsePemKey(keyPart("private_key_pem"), "KAAP.pem");
  STRCMP_EQUAL("KAAP.pem", key->id().c_str());
  CHECK_FALSE(key->expiresAt().has_value());
  STRCMP_EQUAL("", key->certificatePem().c_str());
  CHECK(key->privateKeyPem().reveal().starts_with("-----BEGIN PRIVATE KEY-----"));
}

TEST(ClientKeyFile, ReadsTheCertificateBesideAKeyInPem) {
  auto const key = parsePemKey(keyPart("private_key_pem") + keyPart("certificate_pem"), "KAAP.1");
  STRCMP_EQUAL(keyPart("certificate_pem").c_str(), key->certificatePem().c_str());
}

TEST(ClientKeyFile, RefusesPemThatIsNoKeyOrHasAnothersCertificate) {
  CHECK(contains(problemOfPem("hello"), "is no PEM that can be read"));
  CHECK(contains(problemOfPem(keyPart("certificate_pem")), "is no PEM that can be read"));
  CHECK(contains(problemOfPem("-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n"
                              "-----END ENCRYPTED PRIVATE KEY-----\n"),
                 "is no PEM that can be read"));
  auto const other = makeClientKey({.id = "KAAP.2", .password = password});
  CHECK(
      contains(problemOfPem(keyPart("private_key_pem") + other.certificatePem), "is not its own"));
}

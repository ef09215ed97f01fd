// SPDX-License-Identifier: Apache-2.0
// The emulator's instance gateway against the protocol's vectors: what it must take and refuse.
#include <fstream>
#include <iterator>
#include <string>

#include <boost/json.hpp>

#include "emulator/instance/key_maker.hpp"
#include "emulator/instance/messages.hpp"
#include "emulator/instance/service.hpp"
#include "emulator/server_clock.hpp"
#include "running_emulator.hpp"

#include <CppUTest/TestHarness.h>

using namespace kms_secretd::emulator;

namespace {

boost::json::object loadVectors() {
  std::ifstream in(std::string(KMS_SECRETD_FIXTURES) + "/vectors.json");
  const std::string text{std::istreambuf_iterator<char>(in), {}};
  return boost::json::parse(text).as_object();
}

std::string unhex(std::string_view digits) {
  std::string out;
  for (std::size_t i = 0; i + 1 < digits.size(); i += 2) {
    out += static_cast<char>(std::stoi(std::string(digits.substr(i, 2)), nullptr, 16));
  }
  return out;
}

Request requestOf(const boost::json::value& vector) {
  Request request;
  request.method = "POST";
  request.path = "/";
  for (const auto& pair : vector.at("headers").as_array()) {
    request.headers.emplace_back(pair.at(0).as_string(), pair.at(1).as_string());
  }
  request.body = unhex(vector.at("request_body_hex").as_string());
  return request;
}

}  // namespace

TEST_GROUP(InstanceGateway) {
  boost::json::object vectors = loadVectors();
  World world;
  Request request = requestOf(vectors.at("dkms").at(0));
  std::string body;

  void setup() override {
    const auto now = parseTimestamp("2026-09-01T08:00:00Z");
    world.clock.setOffset(*now - world.clock.now());
    putKey(*now - 10, *now + 100);
    world.secrets.with([&](SecretStore& store) {
      Secret secret;
      secret.account = Settings{}.account;
      secret.name = "app/db/password";
      store.put(secret);
      NewVersion version;
      version.id = "v1";
      version.data = "s3cret";
      store.putVersion({secret.account, secret.name}, version, *now);
    });
  }
  void putKey(std::int64_t from, std::int64_t to) {
    ClientKey key;
    key.id = "KAAP.unit-test-0001";
    key.certificatePem = vectors.at("dkms_key").at("certificate_pem").as_string();
    key.notBefore = from;
    key.notAfter = to;
    world.clientKeys.with([&](ClientKeys& keys) { keys.put(key); });
  }
  std::string outcome() {
    Exchange exchange;
    body = answerInstance(world, request, exchange, "").body;
    return exchange.outcome;
  }
  void setHeader(const char* name, std::string value) {
    for (auto& [key, old] : request.headers) {
      if (key == name) old = std::move(value);
    }
  }
};

TEST(InstanceGateway, AnswersTheVectorsRequest) {
  CHECK_TRUE(isInstanceRequest(request));
  STRCMP_EQUAL("OK", outcome().c_str());
  CHECK_TRUE(body.find("s3cret") != std::string::npos);
  CHECK_TRUE(
      body.starts_with("\x0a\x0f"
                       "app/db/password\x12\x07Generic\x1a\x06s3cret\x22\x04text"));
}

TEST(InstanceGateway, WantsEveryHeader) {
  const Request whole = request;
  for (const char* name :
       {"x-kms-acccesskeyid", "x-kms-apiname", "x-kms-apiversion", "x-kms-signaturemethod", "date",
        "content-sha256", "content-type", "authorization"}) {
    request = whole;
    setHeader(name, "");
    STRCMP_EQUAL_TEXT("MissingParameter", outcome().c_str(), name);
    CHECK_TRUE(body.find("Parameter " + std::string(name) + " does not exist") !=
               std::string::npos);
  }
}

TEST(InstanceGateway, RefusesWhatTheProtocolDoesNotKnow) {
  const Request whole = request;
  const std::pair<const char*, std::pair<const char*, const char*>> cases[] = {
      {"x-kms-apiname", {"Encrypt2", "InvalidApiName"}},
      {"x-kms-apiversion", {"dkms-gcs-0.1", "InvalidApiVersion"}},
      {"x-kms-signaturemethod", {"RSA_PSS", "InvalidParam"}},
      {"date", {"yesterday", "InvalidParam"}},
      {"content-sha256", {"00", "InvalidParam"}},
      {"content-type", {"application/json", "UnsupportedOperation"}},
      {"authorization", {"TOKEN abc", "InvalidParam"}},
      {"x-kms-acccesskeyid", {"KAAP.other", "Unauthorized"}}};
  for (const auto& [name, expected] : cases) {
    request = whole;
    setHeader(name, expected.first);
    STRCMP_EQUAL_TEXT(expected.second, outcome().c_str(), name);
  }
}

TEST(InstanceGateway, VerifiesTheSignatureOverEveryPart) {
  const Request whole = request;
  setHeader("date", "Tue, 01 Sep 2026 08:00:01 GMT");
  STRCMP_EQUAL("SignatureNotMatch", outcome().c_str());
  request = whole;
  request.headers.emplace_back("x-kms-more", "1");
  STRCMP_EQUAL("SignatureNotMatch", outcome().c_str());
  request = whole;
  request.body += "\x20\x01";
  STRCMP_EQUAL("InvalidParam", outcome().c_str());  // the digest
}

TEST(InstanceGateway, MindsTheClockAndTheKeysLife) {
  const std::int64_t now = world.clock.now();
  world.clock.setOffset(world.clock.offset() + 16 * 60);
  STRCMP_EQUAL("RequestTimeTooSkewed", outcome().c_str());
  world.clock.setOffset(world.clock.offset() - 16 * 60);
  putKey(now - 100, now - 1);
  STRCMP_EQUAL("Unauthorized", outcome().c_str());
  putKey(now + 50, now + 100);
  STRCMP_EQUAL("Unauthorized", outcome().c_str());
}

TEST(InstanceGateway, AsksForTheKeysCertificateOnlyIfToldTo) {
  world.settings.with([](Settings& settings) { settings.requireClientCertificate = true; });
  STRCMP_EQUAL("Unauthorized", outcome().c_str());
  Exchange exchange;
  const std::string own(vectors.at("dkms_key").at("certificate_pem").as_string());
  answerInstance(world, request, exchange, own);
  STRCMP_EQUAL("OK", exchange.outcome.c_str());
}

TEST(InstanceGateway, DeniesByTheKeysId) {
  world.secrets.with([](SecretStore& store) {
    store.setDenied({Settings{}.account, "app/db/password"}, "KAAP.unit-test-0001", true);
  });
  STRCMP_EQUAL("Forbidden.NoPermission", outcome().c_str());
}

TEST(InstanceGateway, MakesTheMessagesOfTheVectors) {
  for (const auto& [name, each] : vectors.at("protobuf").as_object()) {
    auto members = each.at("message").as_object();
    if (const auto* stages = members.if_contains("VersionStages")) {
      members["VersionStages"] = boost::json::object{{"VersionStage", *stages}};
    }
    const std::string expected = unhex(each.at("hex").as_string());
    const bool isError = members.contains("StatusCode");
    const ApiError error = isError ? kmsError(static_cast<int>(members.at("StatusCode").as_int64()),
                                              std::string(members.at("ErrorCode").as_string()),
                                              std::string(members.at("ErrorMessage").as_string()))
                                   : ApiError{};
    const std::string made =
        isError ? encodeError(error, std::string(members.at("RequestId").as_string()))
                : encodeSecretValue(members);
    CHECK_TRUE_TEXT(expected == made, std::string(name).c_str());
  }
}

TEST(InstanceGateway, SurvivesEveryTruncationOfARequest) {
  const std::string whole = unhex(vectors.at("dkms").at(1).at("request_body_hex").as_string());
  for (std::size_t size = 0; size < whole.size(); ++size) {
    decodeGetSecretValue(std::string_view(whole).substr(0, size));
  }
  CHECK_FALSE(decodeGetSecretValue("\x0a\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01").has_value());
  CHECK_FALSE(decodeGetSecretValue("\x08\x01").has_value());  // a name that is a number
}

TEST_GROUP(InstanceControl) { test::RunningEmulator running; };

TEST(InstanceControl, MakesAndForgetsClientKeys) {
  for (const char* form : {"rc2", "3des", "pbes2"}) {
    const std::string reply = running.control(
        "POST", "/client-keys", std::string(R"({"id":"KAAP.1","form":")") + form + "\"}");
    LONGS_EQUAL(200, test::statusOf(reply));
    CHECK_TRUE(reply.find("PrivateKeyData") != std::string::npos);
  }
  CHECK_TRUE(running.control("GET", "/client-keys").find("KAAP.1") != std::string::npos);
  LONGS_EQUAL(400, test::statusOf(
                       running.control("POST", "/client-keys", R"({"id":"KAAP.1","form":"des"})")));
  const std::string one = R"({"id":"KAAP.1"})";
  LONGS_EQUAL(200, test::statusOf(running.control("POST", "/client-keys/delete", one)));
  LONGS_EQUAL(400, test::statusOf(running.control("POST", "/client-keys/delete", one)));
}

TEST(InstanceControl, ServesWhatTheKindOfGatewayKnows) {
  const auto outcomeAs = [&](const char* kind) {
    running.control("POST", "/settings", std::string(R"({"gateway":")") + kind + "\"}");
    return running.fetch();
  };
  LONGS_EQUAL(200, test::statusOf(outcomeAs("instance")));
  LONGS_EQUAL(200, test::statusOf(outcomeAs("shared")));
  const std::string old = outcomeAs("old_instance");
  LONGS_EQUAL(400, test::statusOf(old));
  CHECK_TRUE(old.find("Parameter x-kms-acccesskeyid does not exist") != std::string::npos);
}

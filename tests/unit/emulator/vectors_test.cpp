// SPDX-License-Identifier: Apache-2.0
#include <fstream>
#include <iterator>
#include <string>

#include <boost/json.hpp>

#include "emulator/kms/service.hpp"
#include "emulator/net/http_request.hpp"
#include "emulator/server_clock.hpp"
#include "emulator/sign/v1.hpp"
#include "emulator/sign/v3.hpp"
#include "signed_request.hpp"

#include <CppUTest/TestHarness.h>

using namespace kms_secretd::emulator;

namespace {

boost::json::object loadVectors() {
  std::ifstream in(std::string(KMS_SECRETD_FIXTURES) + "/vectors.json");
  const std::string text{std::istreambuf_iterator<char>(in), {}};
  return boost::json::parse(text).as_object();
}

std::string text(const boost::json::value& vector, const char* name) {
  const auto* value = vector.as_object().if_contains(name);
  return value == nullptr || value->is_null() ? "" : std::string(value->as_string());
}

// The vector's own wire text as the server parses it.
Request parseWire(const boost::json::value& vector) {
  const std::string wire = text(vector, "http_request");
  const auto end = wire.find("\r\n\r\n");
  Request request = std::get<Request>(parseRequestHead(std::string_view(wire).substr(0, end)));
  request.body = wire.substr(end + 4);
  return request;
}

void registerKey(World& world, const boost::json::value& vector) {
  const auto& credentials = vector.at("credentials");
  AccessKey key;
  key.id = text(credentials, "access_key_id");
  key.secret = text(credentials, "access_key_secret");
  key.token = text(credentials, "security_token");
  const Params query = parseParams(parseWire(vector).query).value_or(Params{});
  if (const auto* token = findParam(query, "SecurityToken")) key.token = *token;
  world.keyring.with([&](Keyring& keys) { keys.put(key); });
}

void setClock(World& world, const std::string& timestamp) {
  const auto wanted = parseTimestamp(timestamp);
  CHECK_TRUE(wanted.has_value());
  world.clock.setOffset(*wanted - world.clock.now());
}

std::string outcomeOf(World& world, const Request& request) {
  Exchange exchange;
  answerKms(world, request, exchange);
  return exchange.outcome;
}

}  // namespace

TEST_GROUP(Vectors) { boost::json::object vectors = loadVectors(); };

TEST(Vectors, V3CanonicalRequestsAndSignaturesAreReproduced) {
  int count = 0;
  for (const auto& vector : vectors.at("v3").as_array()) {
    const Request request = parseWire(vector);
    const auto authorization = v3::parseAuthorization(*request.header("authorization"));
    CHECK_TRUE(authorization.has_value());
    const auto canonical = v3::canonicalRequest(request, authorization->signedHeaders);
    STRCMP_EQUAL(text(vector, "canonical_request").c_str(), canonical->c_str());
    const std::string toSign = v3::stringToSign(*canonical);
    STRCMP_EQUAL(text(vector, "string_to_sign").c_str(), toSign.c_str());
    const std::string secret = text(vector.at("credentials"), "access_key_secret");
    STRCMP_EQUAL(text(vector, "signature").c_str(), v3::sign(secret, toSign).c_str());
    STRCMP_EQUAL(authorization->signature.c_str(), v3::sign(secret, toSign).c_str());
    ++count;
  }
  CHECK_EQUAL(8, count);
}

TEST(Vectors, PublishedSignaturesAreReproduced) {
  int count = 0;
  for (const auto& vector : vectors.at("published").as_array()) {
    const std::string secret = text(vector, "access_key_secret");
    const std::string toSign = text(vector, "string_to_sign");
    const bool isV3 = text(vector, "kind") == "v3";
    const std::string ours = isV3 ? v3::sign(secret, toSign) : v1::sign(secret, toSign);
    STRCMP_EQUAL(text(vector, "signature").c_str(), ours.c_str());
    ++count;
  }
  CHECK_EQUAL(4, count);
}

TEST(Vectors, V1StringsToSignAndSignaturesAreReproduced) {
  int count = 0;
  for (const auto& vector : vectors.at("v1").as_array()) {
    const Request request = parseWire(vector);
    Params params = *parseParams(request.query);
    const Params form = *parseParams(request.body);
    params.insert(params.end(), form.begin(), form.end());
    const std::string toSign = v1::stringToSign(request.method, params);
    STRCMP_EQUAL(text(vector, "string_to_sign").c_str(), toSign.c_str());
    STRCMP_EQUAL(text(vector, "signature").c_str(), findParam(params, "Signature")->c_str());
    ++count;
  }
  CHECK_EQUAL(2, count);
}

TEST(Vectors, TheServerAdmitsEveryKmsVectorAndOnlyOnce) {
  int admitted = 0;
  for (const char* kind : {"v3", "v1"}) {
    for (const auto& vector : vectors.at(kind).as_array()) {
      const std::string wire = text(vector, "http_request");
      if (wire.find("2016-01-20") == std::string::npos) continue;  // STS and OOS
      World world;
      registerKey(world, vector);
      setClock(world, "2026-09-01T08:05:00Z");
      const Request request = parseWire(vector);
      const std::string outcome = outcomeOf(world, request);
      CHECK_TRUE(outcome == "OK" || outcome == "Forbidden.ResourceNotFound" ||
                 outcome == "InvalidParameter");
      STRCMP_EQUAL("SignatureNonceUsed", outcomeOf(world, request).c_str());
      ++admitted;
    }
  }
  CHECK_EQUAL(6, admitted);
}

TEST(Vectors, NoVectorPassesWithAnotherSecretOrAnAlteredRequest) {
  for (const char* kind : {"v3", "v1"}) {
    for (const auto& vector : vectors.at(kind).as_array()) {
      if (text(vector, "http_request").find("2016-01-20") == std::string::npos) continue;
      World world;
      setClock(world, "2026-09-01T08:05:00Z");
      registerKey(world, vector);
      Request altered = parseWire(vector);
      altered.query += "&Extra=1";
      STRCMP_EQUAL("SignatureDoesNotMatch", outcomeOf(world, altered).c_str());
      Request swapped = parseWire(vector);
      swapped.method = swapped.method == "GET" ? "POST" : "GET";
      STRCMP_EQUAL("SignatureDoesNotMatch", outcomeOf(world, swapped).c_str());
    }
  }
}

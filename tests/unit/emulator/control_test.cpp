// SPDX-License-Identifier: Apache-2.0
#include <string>

#include "running_emulator.hpp"

#include <CppUTest/TestHarness.h>

using namespace kms_secretd::emulator;
using namespace kms_secretd::emulator::test;

TEST_GROUP(Control) {
  RunningEmulator running;

  int post(const std::string& path, const std::string& body) {
    return statusOf(running.control("POST", path, body));
  }

  std::string code(Params params) {
    V3Request request;
    request.params = std::move(params);
    return outcome(request);
  }

  std::string outcome(const V3Request& request) {
    const auto client = running.connect();
    client->send(request.wire());
    const auto body = boost::json::parse(bodyOf(client->reply())).as_object();
    return body.contains("Code") ? std::string(body.at("Code").as_string())
                                 : std::string(body.at("VersionId").as_string());
  }
};

TEST(Control, SecretsAreCreatedVersionedMovedAndDeleted) {
  CHECK_EQUAL(200, post("/secrets/version", R"({"name":"app/db","version_id":"v2","data":"b"})"));
  STRCMP_EQUAL("v2", code({{"SecretName", "app/db"}}).c_str());
  CHECK_EQUAL(200, post("/secrets/stage", R"({"name":"app/db","stage":"ACSCurrent","to":"v1"})"));
  STRCMP_EQUAL("v1", code({{"SecretName", "app/db"}}).c_str());
  CHECK_EQUAL(200, post("/secrets/deny", R"({"name":"app/db"})"));
  STRCMP_EQUAL("Forbidden.NoPermission", code({{"SecretName", "app/db"}}).c_str());
  CHECK_EQUAL(200, post("/secrets/allow", R"({"name":"app/db"})"));
  CHECK_EQUAL(200, post("/secrets/delete", R"({"name":"app/db","window_days":7})"));
  STRCMP_EQUAL("Rejected.ResourceInDeleteWindow", code({{"SecretName", "app/db"}}).c_str());
  CHECK_EQUAL(200, post("/secrets/restore", R"({"name":"app/db"})"));
  STRCMP_EQUAL("v1", code({{"SecretName", "app/db"}}).c_str());
  CHECK_EQUAL(200, post("/secrets/delete", R"({"name":"app/db"})"));
  STRCMP_EQUAL("Forbidden.ResourceNotFound", code({{"SecretName", "app/db"}}).c_str());
}

TEST(Control, ManySecretsComeInOneCall) {
  CHECK_EQUAL(200, post("/secrets", R"([{"name":"a","data":"1"},{"name":"b","data":"2"}])"));
  const std::string list = running.control("GET", "/secrets");
  STRCMP_CONTAINS("\"name\":\"b\"", list.c_str());
}

TEST(Control, ManagedSecretsRotate) {
  CHECK_EQUAL(200, post("/secrets", R"({"name":"rds","type":"Rds","data":"{}",
                                        "automatic_rotation":"Enabled",
                                        "rotation_interval":"604800s"})"));
  const std::string first = code({{"SecretName", "rds"}});
  CHECK_EQUAL(200, post("/secrets/rotate", R"({"name":"rds","data":"{\"a\":1}"})"));
  CHECK_FALSE(first == code({{"SecretName", "rds"}}));
}

TEST(Control, KeysComeExpireAndGo) {
  CHECK_EQUAL(200, post("/keys", R"({"id":"STS.1","secret":"s","token":"t","expires_in":60})"));
  V3Request request;
  request.keyId = "STS.1";
  request.secret = "s";
  request.token = "t";
  request.params = {{"SecretName", "app/db"}};
  STRCMP_EQUAL("v1", outcome(request).c_str());
  CHECK_EQUAL(200, post("/keys", R"({"id":"STS.1","secret":"s","token":"t","expires_in":-1})"));
  STRCMP_EQUAL("InvalidSecurityToken.Expired", outcome(request).c_str());
  CHECK_EQUAL(200, post("/keys/delete", R"({"id":"STS.1"})"));
  STRCMP_EQUAL("InvalidAccessKeyId.NotFound", outcome(request).c_str());
  CHECK_EQUAL(400, post("/keys/delete", R"({"id":"STS.1"})"));
}

TEST(Control, TheRequestLogTellsWhatHappenedAndNoSecrets) {
  running.fetch();
  const std::string reply = running.control("GET", "/requests");
  const auto log = boost::json::parse(bodyOf(reply)).at("requests").as_array();
  CHECK_EQUAL(1U, log.size());
  STRCMP_EQUAL("app/db", log[0].at("secret").as_string().c_str());
  STRCMP_EQUAL("OK", log[0].at("outcome").as_string().c_str());
  CHECK_EQUAL(1, log[0].at("sequence").to_number<int>());
  CHECK_TRUE(reply.find("s3cret") == std::string::npos);
  CHECK_TRUE(reply.find(V3Request{}.secret) == std::string::npos);
  running.fetch();
  const std::string newer = running.control("GET", "/requests?since=1");
  CHECK_EQUAL(1U, boost::json::parse(bodyOf(newer)).at("requests").as_array().size());
  running.control("DELETE", "/requests");
  const std::string empty = running.control("GET", "/requests");
  CHECK_EQUAL(0U, boost::json::parse(bodyOf(empty)).at("requests").as_array().size());
}

TEST(Control, CountersCount) {
  running.fetch();
  const auto counters = boost::json::parse(bodyOf(running.control("GET", "/counters")));
  CHECK_EQUAL(1, counters.at("requests").to_number<int>());
  CHECK_EQUAL(1, counters.at("by_operation").at("GetSecretValue").to_number<int>());
  CHECK_EQUAL(1, counters.at("by_outcome").at("OK").to_number<int>());
}

TEST(Control, FaultsAreListedAndCleared) {
  running.fault(R"({"kind":"black_hole"})");
  running.fault(R"({"kind":"reset"})");
  CHECK_EQUAL(200, statusOf(running.control("DELETE", "/faults?id=1")));
  CHECK_EQUAL(400, statusOf(running.control("DELETE", "/faults?id=1")));
  STRCMP_CONTAINS("\"kind\":\"reset\"", running.control("GET", "/faults").c_str());
  CHECK_EQUAL(200, statusOf(running.control("DELETE", "/faults")));
  CHECK_EQUAL(200, statusOf(running.fetch()));
}

TEST(Control, SettingsChangeOnlyWhatIsNamed) {
  CHECK_EQUAL(200, post("/settings", R"({"region":"cn-beijing","strict_host":true})"));
  CHECK_EQUAL(200, post("/settings", R"({"clock_offset":5})"));
  const auto settings = boost::json::parse(bodyOf(running.control("GET", "/settings")));
  STRCMP_EQUAL("cn-beijing", settings.at("region").as_string().c_str());
  CHECK_TRUE(settings.at("strict_host").as_bool());
  CHECK_EQUAL(5, settings.at("clock_offset").to_number<int>());
}

TEST(Control, ResetForgetsEverythingAndListensAgain) {
  running.control("POST", "/outage", R"({"down":true})");
  running.fault(R"({"kind":"black_hole"})");
  CHECK_EQUAL(200, post("/reset", ""));
  STRCMP_EQUAL("InvalidAccessKeyId.NotFound", code({{"SecretName", "app/db"}}).c_str());
  CHECK_EQUAL(0U, running.world().secrets.with([](SecretStore& store) { return store.size(); }));
}

TEST(Control, BadCallsAreRefusedWithAReason) {
  CHECK_EQUAL(404, post("/nowhere", ""));
  CHECK_EQUAL(400, post("/secrets", "not json"));
  CHECK_EQUAL(400, post("/secrets", ""));
  CHECK_EQUAL(400, post("/secrets", R"({"data":"x"})"));
  CHECK_EQUAL(400, post("/secrets", R"({"name":"a b","data":"x"})"));
  CHECK_EQUAL(400, post("/secrets", R"({"name":"a","dta":"x"})"));
  CHECK_EQUAL(400, post("/secrets/version", R"({"name":"absent","data":"x"})"));
  CHECK_EQUAL(400, post("/secrets", std::string(100000, '[')));
  CHECK_EQUAL(400, post("/outage", "{}"));
  CHECK_EQUAL(400, post("/connections/close", R"({"how":"gently"})"));
  CHECK_EQUAL(400, post("/keys", R"({"id":"k","secret":1})"));
  const std::string reply = running.control("POST", "/secrets/delete", R"({"name":"absent"})");
  STRCMP_CONTAINS("Forbidden.ResourceNotFound", reply.c_str());
}

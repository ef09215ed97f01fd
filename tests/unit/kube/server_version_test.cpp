// SPDX-License-Identifier: Apache-2.0
#include "kube/server_version.hpp"

#include <string>

#include <CppUTest/TestHarness.h>

using namespace kms_secretd;
using namespace kms_secretd::kube;

TEST_GROUP(ServerVersion){static std::string verdict(char const* json){
    auto const failure = tooOld(*parseServerVersion(json), "default", "https://h:6443");
if (!failure) return "fine";
CHECK_TRUE(failure->kind == core::KubeFailureKind::server_too_old);
return failure->message.substr(0, failure->message.find(", because"));
}
// "1.27", or "unknown".
static std::string read(char const* json) {
  auto const version = *parseServerVersion(json);
  if (!version.known()) return "unknown";
  return std::to_string(version.major) + "." + std::to_string(version.minor);
}
}
;

TEST(ServerVersion, RefusesOlderOnesByName) {
  STRCMP_EQUAL("cluster default at https://h:6443 is Kubernetes v1.19.16: 1.20 or newer is needed",
               verdict(R"({"major":"1","minor":"19","gitVersion":"v1.19.16"})").c_str());
  STRCMP_EQUAL("cluster default at https://h:6443 is Kubernetes 1.9: 1.20 or newer is needed",
               verdict(R"({"major":"1","minor":"9"})").c_str());
  STRCMP_EQUAL(
      "cluster default at https://h:6443 is Kubernetes v1.18.0-aliyun.1: 1.20 or newer is needed",
      verdict(R"({"major":"","minor":"","gitVersion":"v1.18.0-aliyun.1"})").c_str());
}

TEST(ServerVersion, TakesNewerOnes) {
  for (auto const* json :
       {R"({"major":"1","minor":"20"})", R"({"major":"1","minor":"20+","gitVersion":"v1.20.4-x"})",
        R"({"major":"1","minor":"34"})", R"({"major":"2","minor":"0"})"}) {
    STRCMP_EQUAL("fine", verdict(json).c_str());
  }
}

TEST(ServerVersion, ReadsWhatDistributionsWrite) {
  STRCMP_EQUAL("1.27", read(R"({"major":"1","minor":"27+"})").c_str());
  STRCMP_EQUAL("1.28", read(R"({"major":"1","minor":"","gitVersion":"v1.28.3-aliyun.1"})").c_str());
  STRCMP_EQUAL("1.28", read(R"({"gitVersion":"v1.28.3-aliyun.1"})").c_str());
  STRCMP_EQUAL("1.27", read(R"({"gitVersion":"1.27+"})").c_str());
  STRCMP_EQUAL("1.30", read(R"({"major":"1","minor":"30","gitVersion":"v1.30.1+k3s1"})").c_str());
}

TEST(ServerVersion, TakesWhatItCannotRead) {
  for (auto const* json : {R"({"major":"","minor":"","gitVersion":"v0.0.0-master+faecb"})",
                           R"({"gitVersion":"nightly"})", R"({"gitVersion":"v1.x"})"}) {
    STRCMP_EQUAL("unknown", read(json).c_str());
    STRCMP_EQUAL("fine", verdict(json).c_str());
  }
}

TEST(ServerVersion, ShowsNoControlCharactersOfTheServer) {
  auto const version = *parseServerVersion("{\"major\":\"1\",\"gitVersion\":\"v1.\\u001b[31m\"}");
  STRCMP_EQUAL("v1.?[31m", version.text().c_str());
}

TEST(ServerVersion, IsNotInAnythingElse) {
  for (auto const* bad : {"{}", "7", "{\"major\":1}", ""}) {
    CHECK_FALSE(parseServerVersion(bad).has_value());
  }
}

// SPDX-License-Identifier: Apache-2.0
#include <string>

#include "platform/endpoint.hpp"

#include <CppUTest/TestHarness.h>

using namespace kms_secretd;
using namespace kms_secretd::platform;

TEST_GROUP(Endpoint) {
  sdk::TransportSpec spec;
  void setup() override { spec.host = "kms.test"; }
  void checkRefused(char const* why) {
    auto const endpoint = endpointOf(spec);
    CHECK(!endpoint.ok());
    CHECK(endpoint.failure().kind == sdk::FailureKind::invalid_request);
    CHECK_TEXT(endpoint.failure().message.find(why) != std::string::npos,
               endpoint.failure().message.c_str());
  }
};

TEST(Endpoint, TheHostFieldShowsThePortOnlyWhereItIsNotTheSchemesOwn) {
  STRCMP_EQUAL("kms.test", endpointOf(spec).value().hostField().c_str());
  spec.port = 8443;
  STRCMP_EQUAL("kms.test:8443", endpointOf(spec).value().hostField().c_str());
  spec.host = "::1";
  STRCMP_EQUAL("[::1]:8443", endpointOf(spec).value().hostField().c_str());
  spec.plainHttp = true;
  spec.port = 80;
  STRCMP_EQUAL("[::1]", endpointOf(spec).value().hostField().c_str());
}

TEST(Endpoint, PlainHttpIsForLoopbackAndTheMetadataServiceOnly) {
  spec.plainHttp = true;
  for (char const* good : {"127.0.0.1", "127.8.8.8", "::1", "localhost", "100.100.100.200"}) {
    spec.host = good;
    CHECK_TEXT(endpointOf(spec).ok(), good);
  }
  for (char const* bad : {"kms.test", "10.0.0.1", "100.100.100.201", "localhost.evil.test",
                          "128.0.0.1", "0.0.0.0", "::", "::ffff:10.0.0.1", "fe80::1"}) {
    spec.host = bad;
    checkRefused("is refused");
  }
}

TEST(Endpoint, PlainHttpIsJudgedByWhatIsDialled) {
  spec.plainHttp = true;
  spec.connectAddress = "127.0.0.1";
  CHECK(endpointOf(spec).ok());
  spec.host = "127.0.0.1";
  spec.connectAddress = "10.0.0.1";
  checkRefused("plain HTTP to 10.0.0.1 is refused");
}

TEST(Endpoint, PlainHttpRefusesWhatItWouldHaveToIgnore) {
  spec.plainHttp = true;
  spec.host = "127.0.0.1";
  spec.proxy = "http://127.0.0.1:3128";
  checkRefused("cannot use a proxy");
  spec.proxy.clear();
  spec.rootsPem = "x";
  checkRefused("uses none");
}

TEST(Endpoint, RefusesHostsThatCouldBreakAMessage) {
  for (char const* bad :
       {"", "a b", "a\r\nb", "a/b", "a:1", "user@host", "[::1]", "a%00", ".a", "-a"}) {
    spec.host = bad;
    checkRefused("no host name");
    spec.host = "kms.test";
    spec.connectAddress = bad;
    if (*bad != '\0') checkRefused("no host name");
    spec.connectAddress.clear();
  }
  spec.host = std::string(300, 'a');
  checkRefused("no host name");
}

TEST(Endpoint, ReadsProxies) {
  spec.proxy = "http://proxy.test:3128";
  auto const endpoint = endpointOf(spec).value();
  STRCMP_EQUAL("proxy.test:3128", endpoint.proxy->text().c_str());
  STRCMP_EQUAL("kms.test:443 (through the proxy proxy.test:3128)", endpoint.label().c_str());
  spec.proxy = "http://[::1]:3128/";
  STRCMP_EQUAL("[::1]:3128", endpointOf(spec).value().proxy->text().c_str());
}

TEST(Endpoint, RefusesProxiesOfAnotherFormWithoutShowingThem) {
  for (char const* bad :
       {"proxy.test:3128", "https://proxy.test:3128", "http://proxy.test", "http://:3128",
        "http://user:hunter2@proxy.test:3128", "http://proxy.test:0", "http://proxy.test:99999",
        "http://proxy.test:3128/path", "http://proxy.test:31x"}) {
    spec.proxy = bad;
    checkRefused("http://host:port");
    CHECK(endpointOf(spec).failure().message.find("hunter2") == std::string::npos);
  }
}

TEST(Endpoint, RefusesLimitsThatMakeNoSense) {
  spec.maxHeaderBytes = 0;
  checkRefused("header limit");
  spec.maxHeaderBytes = 1 << 20;
  spec.connectTimeout = sdk::Milliseconds(0);
  checkRefused("connect timeout");
  spec.connectTimeout = sdk::Milliseconds(1);
  spec.port = 0;
  checkRefused("port");
}

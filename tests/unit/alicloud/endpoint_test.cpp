// SPDX-License-Identifier: Apache-2.0
#include "alicloud/endpoint.hpp"

#include <string>

#include <kms-secretd/plugin.hpp>

#include <CppUTest/TestHarness.h>

using namespace kms_secretd;
using namespace kms_secretd::alicloud;

namespace {

// The message of the refusal, or empty if the endpoint was taken.
std::string refusalOf(std::string_view text, bool custom) {
  try {
    static_cast<void>(parseEndpoint(text, custom));
    return {};
  } catch (sdk::OptionError const& error) {
    STRCMP_EQUAL("endpoint", error.option().c_str());
    return error.what();
  }
}

bool contains(std::string const& text, char const* part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_GROUP(Endpoint){};

TEST(Endpoint, DefaultsToTheVpcGatewayOfTheRegion) {
  auto const endpoint = vpcEndpoint("cn-hangzhou");
  STRCMP_EQUAL("kms-vpc.cn-hangzhou.aliyuncs.com", endpoint.host.c_str());
  LONGS_EQUAL(443, endpoint.port);
  CHECK(isVendorHost(endpoint.host));
}

TEST(Endpoint, TakesTheThreeShapesOfTheVendor) {
  for (auto const* text : {"kms.cn-hangzhou.aliyuncs.com", "kms-vpc.ap-southeast-1.aliyuncs.com",
                           "kst-hzz0000000000test.cryptoservice.kms.aliyuncs.com"}) {
    STRCMP_EQUAL("", refusalOf(text, false).c_str());
    STRCMP_EQUAL(text, parseEndpoint(text, false).authority().c_str());
  }
}

TEST(Endpoint, NeedsAWordForEveryOtherHostOrPort) {
  for (auto const* text :
       {"localhost", "127.0.0.1:8443", "kms.cn-hangzhou.aliyuncs.com:8443", "kms.aliyuncs.com",
        "kms.a.b.aliyuncs.com", "xkms.cn-hangzhou.aliyuncs.com",
        "kms.cn-hangzhou.aliyuncs.com.evil.example", "kms.cn-hangzhou.aliyuncs.evil.com",
        "cryptoservice.kms.aliyuncs.com.example", "a.b.cryptoservice.kms.aliyuncs.com",
        "sts.cn-hangzhou.aliyuncs.com"}) {
    CHECK_TRUE_TEXT(contains(refusalOf(text, false), "custom_endpoint = true"), text);
    STRCMP_EQUAL("", refusalOf(text, true).c_str());
  }
}

TEST(Endpoint, SignsThePortOnlyWhereItIsNotTheUsualOne) {
  STRCMP_EQUAL("localhost:8443", parseEndpoint("localhost:8443", true).authority().c_str());
  STRCMP_EQUAL("localhost", parseEndpoint("localhost:443", true).authority().c_str());
}

TEST(Endpoint, SaysWhatIsWrongWithTheUsualMistakes) {
  CHECK(contains(refusalOf("https://kms.cn-hangzhou.aliyuncs.com", false), "has a scheme"));
  CHECK(contains(refusalOf("KMS.cn-hangzhou.aliyuncs.com", false), "lower case"));
  CHECK(contains(refusalOf("KMS.example", true), "lower case"));
}

TEST(Endpoint, RefusesGarbageEvenAsACustomEndpoint) {
  for (auto const* text : {"", ".", "a..b", "-a", "a-", "host:", "host:0", "host:65536", "host:-1",
                           "host:80x", "h:1:2", "host/path", "user@host", "ho st", "host\n",
                           "h\xC3\xB6st", "[::1]", "host?x", "host#"}) {
    CHECK_TRUE_TEXT(contains(refusalOf(text, true), "is not a host name"), text);
  }
  CHECK(contains(refusalOf(std::string(100'000, 'a'), true), "is not a host name"));
  CHECK(contains(refusalOf(std::string(64, 'a') + ".com", true), "is not a host name"));
}

TEST(Endpoint, KnowsWhatARegionLooksLike) {
  CHECK(isRegion("cn-hangzhou"));
  CHECK(isRegion("cn-beijing-finance-1"));
  for (auto const* text : {"", "CN", "cn hangzhou", "cn.hangzhou", "cn/hangzhou", "cn_hangzhou"}) {
    CHECK_FALSE_TEXT(isRegion(text), text);
  }
}

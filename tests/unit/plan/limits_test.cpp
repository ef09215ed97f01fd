// SPDX-License-Identifier: Apache-2.0
#include "plan/limits.hpp"

#include <string>

#include <CppUTest/TestHarness.h>

using namespace kms_secretd;
using plan::whyBadKey;
using plan::whyUnacceptable;

TEST_GROUP(Limits) {
  core::TargetDefinition definition;
  core::Rendered rendered;
  void add(std::string key, std::size_t size) {
    sdk::SecretBytes value;
    value.resize(size);
    rendered.keys.push_back({std::move(key), std::move(value)});
  }
  std::string why() { return whyUnacceptable(definition, rendered).value_or(""); }
};

TEST(Limits, TakeTheKeysThatTheServerTakes) {
  for (auto const* key : {"a", "A-b_c.9", ".x", ".dockerconfigjson", "tls.crt", "a..b"}) {
    CHECK_TEXT(!whyBadKey(key), key);
  }
  CHECK(!whyBadKey(std::string(253, 'k')));
}

TEST(Limits, RefuseTheKeysThatTheServerRefuses) {
  for (auto const* key : {"", ".", "..", "..x", "....", "a b", "a/b", "a,b", "ä", "a\n", "a\x01"}) {
    CHECK_TEXT(whyBadKey(key).has_value(), key);
  }
  CHECK(whyBadKey(std::string(254, 'k')).has_value());
  CHECK(whyBadKey(std::string_view("a\0b", 3)).has_value());
}

TEST(Limits, AMessageCarriesNoControlBytesAndNoGiant) {
  auto const why = *whyBadKey(std::string(100'000, '\x1b'));
  CHECK(why.size() < 300);
  CHECK(why.find('\x1b') == std::string::npos);
}

TEST(Limits, TakeOneMebibyteOfValuesAndNotOneByteMore) {
  add("a", 1024 * 1024 - 1);
  add("b", 1);
  STRCMP_EQUAL("", why().c_str());
  add("c", 1);
  STRCMP_CONTAINS("1048577 bytes", why().c_str());
}

TEST(Limits, RefuseAnEmptySecret) { STRCMP_CONTAINS("no key", why().c_str()); }

TEST(Limits, B4_RefuseTwoEntriesWithOneKey) {
  add("a", 1);
  add("a", 2);
  STRCMP_CONTAINS("key \"a\" is made twice", why().c_str());
}

TEST(Limits, RefuseMoreAnnotationsThanTheServerTakes) {
  add("a", 1);
  definition.annotations.kept()["note"] = std::string(256 * 1024, 'n');
  STRCMP_CONTAINS("annotations", why().c_str());
}

TEST(Limits, CountTheRecordOfKeysAmongTheAnnotations) {
  for (int i = 0; i < 1100; ++i) {
    auto key = std::to_string(i);
    add(std::string(250 - key.size(), 'k') + key, 0);
  }
  STRCMP_CONTAINS("record of keys", why().c_str());
}

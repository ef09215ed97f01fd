// SPDX-License-Identifier: Apache-2.0
#include <string>
#include <utility>

#include "core/seldom.hpp"

#include <CppUTest/TestHarness.h>

using kms_secretd::core::Seldom;

TEST_GROUP(Seldom){};

TEST(Seldom, IsAsLargeAsAPointerHoweverLargeTheValueMayBe) {
  struct Large {
    char bytes[500];
  };
  LONGS_EQUAL(sizeof(void*), sizeof(Seldom<Large>));
}

TEST(Seldom, ReadsAsTheUsualValueUntilItIsAnother) {
  Seldom<std::string> text;
  STRCMP_EQUAL("", text->c_str());
  text = std::string("held");
  STRCMP_EQUAL("held", (*text).c_str());
  text = std::string();
  STRCMP_EQUAL("", text->c_str());
}

TEST(Seldom, CopiesTheValueAndNotThePlaceOfIt) {
  Seldom<std::string> text;
  text = std::string("one");
  auto copy = text;
  copy.kept() += " more";
  STRCMP_EQUAL("one", text->c_str());
  STRCMP_EQUAL("one more", copy->c_str());
  text = copy;
  STRCMP_EQUAL("one more", text->c_str());
}

TEST(Seldom, IsChangedInPlaceAndForgotten) {
  Seldom<std::string> text;
  text.kept() = "two";
  STRCMP_EQUAL("two", text->c_str());
  text.reset();
  STRCMP_EQUAL("", text->c_str());
}

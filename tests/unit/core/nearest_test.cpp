// SPDX-License-Identifier: Apache-2.0
#include "core/nearest.hpp"

#include <string>
#include <vector>

#include <CppUTest/TestHarness.h>

using namespace kms_secretd;

namespace {

std::string found(std::string const& word) {
  static std::vector<std::string> const keys{"interval", "version_stage", "version_id", "key",
                                             "store"};
  return core::nearest(word, keys).value_or("none");
}

}  // namespace

TEST_GROUP(Nearest){};

TEST(Nearest, CountsWhatSlipsFromTheKeyboard) {
  LONGS_EQUAL(0, core::editDistance("store", "store"));
  LONGS_EQUAL(1, core::editDistance("store", "stor"));
  LONGS_EQUAL(1, core::editDistance("store", "stoer"));
  LONGS_EQUAL(1, core::editDistance("store", "stare"));
  LONGS_EQUAL(5, core::editDistance("", "store"));
  LONGS_EQUAL(3, core::editDistance("kitten", "sitting"));
}

TEST(Nearest, FindsTheKeyThatWasMeant) {
  STRCMP_EQUAL("interval", found("intervall").c_str());
  STRCMP_EQUAL("interval", found("itnerval").c_str());
  STRCMP_EQUAL("version_id", found("versionID").c_str());
  STRCMP_EQUAL("version_stage", found("versionStage").c_str());
  STRCMP_EQUAL("version_stage", found("version-stage").c_str());
}

TEST(Nearest, FindsNothingWhereNothingIsNear) {
  STRCMP_EQUAL("none", found("endpoint").c_str());
  STRCMP_EQUAL("none", found("").c_str());
  STRCMP_EQUAL("none", found(std::string(100'000, 'k')).c_str());
}

// SPDX-License-Identifier: Apache-2.0
#include "core/rotation.hpp"

#include <CppUTest/TestHarness.h>

namespace core = kms_secretd::core;
namespace sdk = kms_secretd::sdk;
using namespace std::chrono_literals;

TEST_GROUP(RotationDate){};

TEST(RotationDate, IsReadInTheOneFormThatKmsWrites) {
  CHECK_TRUE(core::parseRotationDate("2026-09-01T08:00:00Z") == sdk::WallTime{1'788'249'600s});
  CHECK_TRUE(core::parseRotationDate("2028-02-29T23:59:59Z") == sdk::WallTime{1'835'481'599s});
}

TEST(RotationDate, IsNothingInAnyOtherText) {
  for (auto const* text : {"", "soon", "2026-09-01", "2026-09-01T08:00:00", "2026-09-01 08:00:00Z",
                           "2026-09-31T08:00:00Z", "2026-13-01T08:00:00Z", "2026-09-01T24:00:00Z",
                           "2026-09-01T08:60:00Z", "2026-09-01T08:00:00.0Z", "2x26-09-01T08:00:00Z",
                           "2026-00-01T08:00:00Z", "2026-09-01T08:00:00+"}) {
    CHECK_FALSE_TEXT(core::parseRotationDate(text).has_value(), text);
  }
}

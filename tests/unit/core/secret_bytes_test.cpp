// SPDX-License-Identifier: Apache-2.0
#include <kms-secretd/secret_bytes.hpp>

#include <string>
#include <type_traits>
#include <utility>

#include <CppUTest/TestHarness.h>

using kms_secretd::sdk::SecretBytes;

static_assert(!std::is_copy_constructible_v<SecretBytes>);
static_assert(!std::is_copy_assignable_v<SecretBytes>);
static_assert(!std::is_convertible_v<SecretBytes, std::string>);

TEST_GROUP(SecretBytesType){};

TEST(SecretBytesType, KeepsEveryByte) {
  std::string_view const bytes("a\0b\xff", 4);
  SecretBytes secret(bytes);
  CHECK_TRUE(secret.reveal() == bytes);
}

TEST(SecretBytesType, LeavesNothingBehindWhenMovedFrom) {
  SecretBytes from("short");
  SecretBytes to(std::move(from));
  CHECK_TRUE(from.empty());  // NOLINT(bugprone-use-after-move)
  CHECK_TRUE(to.reveal() == "short");
}

TEST(SecretBytesType, WipesTheBytesItCutsOff) {
  SecretBytes secret("canary-value");
  auto const* const data = secret.writable();
  secret.resize(3);
  CHECK_TRUE(std::string_view(data, 12) == std::string_view("can\0\0\0\0\0\0\0\0\0", 12));
}

TEST(SecretBytesType, GrowsByAppendingAndComparesByContent) {
  SecretBytes secret;
  for (int i = 0; i < 1000; ++i) secret.append("xy");
  CHECK_EQUAL(2000U, secret.size());
  CHECK_TRUE(secret == secret.clone());
  CHECK_FALSE(secret == SecretBytes("xy"));
}

TEST(SecretBytesType, SurvivesBeingAssignedToItself) {
  SecretBytes secret("v");
  auto& same = secret;
  secret = std::move(same);
  CHECK_TRUE(secret.reveal() == "v");
}

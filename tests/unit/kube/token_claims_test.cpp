// SPDX-License-Identifier: Apache-2.0
#include "kube/token_claims.hpp"

#include <string>

#include "service_account_token.hpp"

#include <CppUTest/TestHarness.h>

using namespace kms_secretd;
using namespace std::chrono_literals;
using kube::readTokenClaims;
using kube::test::tokenOf;

TEST_GROUP(TokenClaims) {
  static constexpr char const* subject = R"("sub":"system:serviceaccount:kms:daemon")";
  static void refuses(std::string const& token) {
    CHECK_FALSE_TEXT(readTokenClaims(token).has_value(), token.c_str());
  }
};

TEST(TokenClaims, TellWhoseTheTokenIsAndWhenItEnds) {
  sdk::WallTime const issued{1'800'000'000s};
  auto const claims = readTokenClaims(kube::test::serviceAccountToken(issued, issued + 1h));
  CHECK_TRUE(claims.has_value());
  STRCMP_EQUAL("kms", claims->namespaceName.c_str());
  STRCMP_EQUAL("daemon", claims->serviceAccount.c_str());
  CHECK_TRUE(claims->issuedAt == issued);
  CHECK_TRUE(claims->expiresAt == issued + 1h);
}

TEST(TokenClaims, AreNotToldByAnythingElse) {
  for (auto const* const text : {"", ".", "..", "a.b", "a.b.c", "a.b.c.d", "only-a-text"})
    refuses(text);
  refuses(tokenOf(""));
  refuses(tokenOf("[]"));
  refuses(tokenOf("{"));
  refuses(tokenOf(std::string(100'000, '[')));
  refuses(tokenOf(R"({"sub":"alice","iat":1,"exp":2})"));
  refuses(tokenOf(R"({"sub":"system:serviceaccount:kms","iat":1,"exp":2})"));
  refuses(tokenOf(R"({"sub":7,"iat":1,"exp":2})"));
}

TEST(TokenClaims, NeedABeginAndALaterEndThatAClockCanHold) {
  std::string const begin = std::string("{") + subject;
  refuses(tokenOf(begin + "}"));
  refuses(tokenOf(begin + R"(,"iat":1})"));
  refuses(tokenOf(begin + R"(,"exp":1})"));
  refuses(tokenOf(begin + R"(,"iat":2,"exp":1})"));
  refuses(tokenOf(begin + R"(,"iat":1,"exp":"2"})"));
  refuses(tokenOf(begin + R"(,"iat":-5,"exp":9})"));
  refuses(tokenOf(begin + R"(,"iat":1,"exp":9223372036854775807})"));
}

// SPDX-License-Identifier: Apache-2.0
#include "app/token_renewal.hpp"

#include <sys/stat.h>

#include <string>

#include "platform/files.hpp"
#include "unit/kube/kube_bench.hpp"
#include "unit/kube/service_account_token.hpp"

#include <CppUTest/TestHarness.h>

using namespace kms_secretd;
using namespace std::chrono_literals;
using app::TokenStep;
using report::EventId;

// An API server that gives tokens, or what the test says instead.
TEST_GROUP(TokenRenewal) {
  kube::test::TempDir dir{};
  kube::test::HandClock clock{};
  std::string const file = dir.file("token");
  core::KubeFailure refusal{};
  bool refuses = false;
  std::vector<sdk::ServiceAccountTokenRequest> requests{};
  int renewed = 0;
  app::TokenRenewal renewal{{.file = file,
                             .clock = &clock,
                             .request = [this](auto const& request) { return answer(request); },
                             .renewed = [this] { ++renewed; }}};

  core::KubeResult<sdk::ServiceAccountToken> answer(
      sdk::ServiceAccountTokenRequest const& request) {
    requests.push_back(request);
    if (refuses) return refusal;
    auto const until = clock.wall() + request.lifetime;
    return sdk::ServiceAccountToken{
        .token = sdk::SecretBytes(kube::test::serviceAccountToken(clock.wall(), until)),
        .expiresAt = until};
  }
  void tokenFor(sdk::Milliseconds life) const {
    dir.write("token", kube::test::serviceAccountToken(clock.wall(), clock.wall() + life) + "\n");
  }
  kube::TokenClaims claims() const {
    return *kube::readTokenClaims(platform::readSecretFile(file, 10'000).value().reveal());
  }
  // What one look says, as "event: text"; empty where it says nothing.
  std::string said() {
    std::string text;
    for (auto const& news : renewal.look()) {
      text += std::string(rowOf(news.id).name) + ": " + news.text + "\n";
    }
    return text;
  }
};

TEST(TokenRenewal, KeepsATokenUntilSeventyPercentOfItsLife) {
  tokenFor(10h);
  clock.advance(6h + 59min);
  STRCMP_EQUAL("", said().c_str());
  CHECK_TRUE(requests.empty());
  clock.advance(1min);
  STRCMP_CONTAINS("LOGIN_RENEWED", said().c_str());
  CHECK_EQUAL(1U, requests.size());
}

TEST(TokenRenewal, AsksForSevenDaysForTheAccountOfTheToken) {
  tokenFor(1h);
  clock.advance(50min);
  (void)said();
  STRCMP_EQUAL("kms", requests.front().namespaceName.c_str());
  STRCMP_EQUAL("daemon", requests.front().serviceAccount.c_str());
  STRCMP_EQUAL("", requests.front().audience.c_str());
  LONGS_EQUAL(7 * 24, requests.front().lifetime / 1h);
  CHECK_TRUE(claims().expiresAt == sdk::WallTime(clock.wall()) + 168h);
  CHECK_EQUAL(1, renewed);
}

TEST(TokenRenewal, WritesTheNewTokenForItsOwnEyesOnly) {
  tokenFor(1h);
  clock.advance(50min);
  (void)said();
  LONGS_EQUAL(0600, platform::inspectFile(file).value().mode);
}

TEST(TokenRenewal, SaysOnceWhyItCouldNotRenewAndTriesAgain) {
  tokenFor(10h);
  clock.advance(8h);
  refuses = true;
  refusal.kind = core::KubeFailureKind::forbidden;
  refusal.message = "kms-secretd may not create serviceaccounts/token";
  auto const first = said();
  STRCMP_CONTAINS("LOGIN_NOT_RENEWED", first.c_str());
  STRCMP_CONTAINS("may not create serviceaccounts/token; it ends in 2 hours", first.c_str());
  STRCMP_EQUAL("", said().c_str());
  CHECK_EQUAL(2U, requests.size());
  refuses = false;
  STRCMP_CONTAINS("LOGIN_RENEWED", said().c_str());
}

TEST(TokenRenewal, TellsTheCommandThatMendsAnEndedLogin) {
  tokenFor(1h);
  clock.advance(1h + 5 * 24h);
  auto const text = said();
  STRCMP_CONTAINS("LOGIN_EXPIRED: login expired", text.c_str());
  STRCMP_CONTAINS("kms/daemon", text.c_str());
  STRCMP_CONTAINS("ended 5 days ago", text.c_str());
  STRCMP_CONTAINS(("kubectl -n kms create token daemon --duration=168h | install -m 0600 -o "
                   "kms-secretd -g kms-secretd /dev/stdin " +
                   file)
                      .c_str(),
                  text.c_str());
  CHECK_TRUE(requests.empty());
  STRCMP_EQUAL("", said().c_str());
  clock.advance(24h);
  STRCMP_CONTAINS("LOGIN_EXPIRED", said().c_str());
}

TEST(TokenRenewal, GoesOnOnceTheAdminWroteANewToken) {
  tokenFor(1h);
  clock.advance(2h);
  (void)said();
  tokenFor(1h);
  STRCMP_EQUAL("", said().c_str());
  clock.advance(50min);
  STRCMP_CONTAINS("LOGIN_RENEWED", said().c_str());
}

TEST(TokenRenewal, SaysSoWhereThereIsNoTokenThatTellsItsEnd) {
  STRCMP_CONTAINS("LOGIN_NOT_RENEWED", said().c_str());
  dir.write("token", "canary-static-token");
  STRCMP_EQUAL("", said().c_str());
  clock.advance(24h);
  auto const text = said();
  STRCMP_CONTAINS("no ServiceAccount token", text.c_str());
  CHECK_TRUE(text.find("canary") == std::string::npos);
}

TEST(TokenRenewal, KeepsTheOldTokenWhereTheNewOneCannotBeWritten) {
  tokenFor(10h);
  auto const before = claims().expiresAt;
  clock.advance(8h);
  app::TokenRenewal blocked{{.file = file,
                             .clock = &clock,
                             .request =
                                 [this](auto const& request) {
                                   // A directory where the new file would be made.
                                   ::unlink(file.c_str());
                                   ::mkdir(file.c_str(), 0700);
                                   return answer(request);
                                 },
                             .renewed = [this] { ++renewed; }}};
  auto const news = blocked.look();
  CHECK_EQUAL(1U, news.size());
  CHECK_TRUE(news.front().id == EventId::login_not_renewed);
  CHECK_EQUAL(0, renewed);
  ::rmdir(file.c_str());
  CHECK_TRUE(before > sdk::WallTime(clock.wall()));
}

TEST(TokenRenewal, StopsAtOnceAndHandsOutItsNews) {
  renewal.start();
  while (true) {
    auto const news = renewal.takeNews();
    if (news.empty()) continue;
    CHECK_TRUE(news.front().id == EventId::login_not_renewed);
    break;
  }
  renewal.stop();
  CHECK_TRUE(renewal.takeNews().empty());
}

TEST(TokenRenewal, RenewsOnlyWhatLiesInTheStateDirectory) {
  CHECK_TRUE(app::ownTokenFile("/var/lib/kms-secretd/token", "/var/lib/kms-secretd"));
  CHECK_TRUE(app::ownTokenFile("/var/lib/x/../kms-secretd/token", "/var/lib/kms-secretd/"));
  CHECK_FALSE(app::ownTokenFile("/var/lib/kms-secretd-2/token", "/var/lib/kms-secretd"));
  CHECK_FALSE(app::ownTokenFile("/var/run/secrets/token", "/var/lib/kms-secretd"));
  CHECK_FALSE(app::ownTokenFile("", "/var/lib/kms-secretd"));
  CHECK_FALSE(app::ownTokenFile("/token", ""));
}

// SPDX-License-Identifier: Apache-2.0
#include "app/login_watch.hpp"

#include <chrono>
#include <string>

#include "unit/kube/kube_bench.hpp"

#include <CppUTest/TestHarness.h>

using namespace kms_secretd;
using namespace std::chrono_literals;

TEST_GROUP(LoginWatch) {
  kube::test::Bench bench{};
  app::LoginWatch login{};
  sdk::WallTime const now = bench.clock.wall();

  std::string warning(sdk::Milliseconds left) const {
    return app::expiryWarning(now + left, now, "/etc/kubeconfig").value_or("");
  }
};

TEST(LoginWatch, SaysNothingOfACertificateThatIsGoodForLong) {
  STRCMP_EQUAL("", warning(31 * 24h).c_str());
}

TEST(LoginWatch, WarnsThirtyDaysAheadAndSaysWhatToDo) {
  auto const text = warning(29 * 24h + 1h);
  STRCMP_CONTAINS("/etc/kubeconfig ends in 29 days", text.c_str());
  STRCMP_CONTAINS("have a new one signed", text.c_str());
  STRCMP_CONTAINS("ends in 5 hours", warning(5h + 1min).c_str());
}

TEST(LoginWatch, SaysSinceWhenAnEndedCertificateIsRefused) {
  STRCMP_CONTAINS("ended 3 days ago", warning(-(3 * 24h + 1h)).c_str());
}

TEST(LoginWatch, HasNothingToSayOfATokenLogin) {
  kube::Connection connection(bench.cluster(), bench.settings());
  CHECK(login.look(connection, now).empty());
}

TEST(LoginWatch, SaysOnceThatAChangedLoginIsNotTaken) {
  kube::Connection connection(bench.cluster(), bench.settings());
  bench.kubeconfig("{server: 'gopher://x'}", "{token: canary-token}");
  bench.clock.advance(2s);
  static_cast<void>(connection.way());
  auto const news = login.look(connection, now);
  CHECK_EQUAL(1U, news.size());
  CHECK(news.front().id == report::EventId::login_not_taken);
  STRCMP_CONTAINS("the one before it still is", news.front().text.c_str());
  CHECK(news.front().text.find("canary") == std::string::npos);
  CHECK(login.look(connection, now).empty());
}

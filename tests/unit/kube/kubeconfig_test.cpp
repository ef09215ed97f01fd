// SPDX-License-Identifier: Apache-2.0
#include "kube/kubeconfig.hpp"

#include <filesystem>
#include <fstream>
#include <string>

#include "temp_dir.hpp"

#include <CppUTest/TestHarness.h>

using namespace kms_secretd::kube;

namespace {

std::string const whole = R"(apiVersion: v1
kind: Config
current-context: prod
unknown: {things: [are, ignored]}
clusters:
- name: prod-cluster
  cluster:
    server: https://K8s.Example.com:6443/
    certificate-authority: pki/ca.crt
    tls-server-name: kubernetes.default
    proxy-url: http://proxy.local:3128
- name: test-cluster
  cluster:
    server: https://[FD00::1]:8443/clusters/a
    certificate-authority-data: Y2EtcGVt
users:
- name: prod-user
  user:
    client-certificate: /etc/pki/kms.crt
    client-key: kms.key
- name: test-user
  user:
    client-certificate-data: Y2VydC1wZW0=
    client-key-data: a2V5LXBlbQ==
- name: robot
  user:
    tokenFile: token
    token: stale
contexts:
- name: prod
  context: {cluster: prod-cluster, user: prod-user, namespace: payments}
- name: test
  context: {cluster: test-cluster, user: test-user}
- name: robot
  context: {cluster: prod-cluster, user: robot}
)";

Kubeconfig parse(std::string const& text, std::string const& context = "") {
  return parseKubeconfig(text, "/etc/k/kubeconfig", context);
}

std::string errorOf(std::string const& text, std::string const& context = "") {
  try {
    static_cast<void>(parse(text, context));
  } catch (KubeconfigError const& error) {
    return error.what();
  }
  return "no error";
}

// A kubeconfig with one of each, from line 2 on.
std::string with(std::string const& cluster, std::string const& user) {
  return "current-context: x\n"
         "clusters: [{name: c, cluster: " +
         cluster +
         "}]\n"
         "users: [{name: u, user: " +
         user +
         "}]\n"
         "contexts: [{name: x, context: {cluster: c, user: u}}]\n";
}

std::string const good = "{server: 'https://h:6443'}";
std::string const login = "{token: t}";

void checkHas(std::string const& text, char const* part) {
  CHECK_TEXT(text.find(part) != std::string::npos, (text + " lacks: " + part).c_str());
}

}  // namespace

TEST_GROUP(Kubeconfig){};

TEST(Kubeconfig, ReadsTheCurrentContextWithPathsBesideTheFile) {
  auto const config = parse(whole);
  STRCMP_EQUAL("prod", config.context.c_str());
  STRCMP_EQUAL("k8s.example.com", config.host.c_str());
  CHECK_EQUAL(6443, config.port);
  CHECK_FALSE(config.plainHttp);
  STRCMP_EQUAL("", config.pathPrefix.c_str());
  STRCMP_EQUAL("kubernetes.default", config.tlsServerName.c_str());
  STRCMP_EQUAL("http://proxy.local:3128", config.proxy.c_str());
  STRCMP_EQUAL("payments", config.namespaceName.c_str());
  STRCMP_EQUAL("/etc/k/pki/ca.crt", config.authority.path.c_str());
  STRCMP_EQUAL("/etc/pki/kms.crt", config.clientCertificate.path.c_str());
  STRCMP_EQUAL("/etc/k/kms.key", config.clientKey.path.c_str());
  CHECK_FALSE(config.token.given());
}

TEST(Kubeconfig, ReadsAnotherContextWithMaterialInside) {
  auto const config = parse(whole, "test");
  STRCMP_EQUAL("fd00::1", config.host.c_str());
  CHECK_EQUAL(8443, config.port);
  STRCMP_EQUAL("/clusters/a", config.pathPrefix.c_str());
  CHECK(config.authority.text.reveal() == "ca-pem");
  CHECK(config.clientCertificate.text.reveal() == "cert-pem");
  CHECK(config.clientKey.text.reveal() == "key-pem");
}

TEST(Kubeconfig, PrefersTheTokenFileAndInlineDataAsClientGoDoes) {
  auto const config = parse(whole, "robot");
  STRCMP_EQUAL("/etc/k/token", config.token.path.c_str());
  CHECK(config.token.text.empty());
  auto const both =
      parse(with("{server: 'https://h', certificate-authority: ca.crt, "
                 "certificate-authority-data: Y2EtcGVt}",
                 login));
  STRCMP_EQUAL("", both.authority.path.c_str());
  CHECK(both.authority.text.reveal() == "ca-pem");
  CHECK_EQUAL(443, both.port);
}

TEST(Kubeconfig, ReadsJsonToo) {
  auto const config = parse(
      R"({"current-context":"x","clusters":[{"name":"c","cluster":{"server":"https://h:1"}}],)"
      R"("users":[{"name":"u","user":{"token":"t"}}],)"
      R"("contexts":[{"name":"x","context":{"cluster":"c","user":"u"}}]})");
  CHECK(config.token.text.reveal() == "t");
}

TEST(Kubeconfig, TakesPlainHttpTowardsLoopbackOnly) {
  CHECK(parse(with("{server: 'http://127.0.0.1:8001'}", "{}")).plainHttp);
  CHECK_EQUAL(80, parse(with("{server: 'http://localhost'}", login)).port);
  CHECK(parse(with("{server: 'http://[::1]:80'}", "{}")).plainHttp);
  for (auto const* host : {"10.0.0.1", "127.evil.com", "localhost.example.com", "128.0.0.1"}) {
    auto const error = errorOf(with("{server: 'http://" + std::string(host) + "'}", login));
    checkHas(error, "/etc/k/kubeconfig:2:");
    checkHas(error, "plain http");
    checkHas(error, "write https://");
  }
}

TEST(Kubeconfig, RefusesServersThatAreNoUrls) {
  for (auto const* server : {"h:6443", "ftp://h", "https://", "https://u:p@h", "https://h:0",
                             "https://h:70000", "https://h:6443?x=1", "https://h/a b",
                             "https://h#f", "https://[::1", "https://h:", "https://a..b/\\r"}) {
    auto const error = errorOf(with("{server: \"" + std::string(server) + "\"}", login));
    if (std::string(server).find("a..b") != std::string::npos) continue;
    checkHas(error, "server of cluster \"c\" is not a URL");
  }
  checkHas(errorOf(with("{}", login)), "has no server");
}

TEST(Kubeconfig, RefusesToSkipVerification) {
  auto const error = errorOf(with("{server: 'https://h', insecure-skip-tls-verify: true}", login));
  checkHas(error, "insecure-skip-tls-verify");
  checkHas(error, "certificate-authority");
  STRCMP_EQUAL(
      "no error",
      errorOf(with("{server: 'https://h', insecure-skip-tls-verify: false}", login)).c_str());
  checkHas(errorOf(with("{server: 'https://h', insecure-skip-tls-verify: maybe}", login)),
           "is not true or false");
}

TEST(Kubeconfig, B24_RefusesEveryLoginThatItWouldNotUseByName) {
  for (auto const* key : {"exec", "auth-provider", "username", "password", "as", "as-uid",
                          "as-groups", "as-user-extra"}) {
    auto const error = errorOf(with(good, "{token: t, " + std::string(key) + ": {a: b}}"));
    checkHas(error, (std::string(key) + " of user \"u\"").c_str());
    checkHas(error, "tokenFile");
    checkHas(error, "/etc/k/kubeconfig:3:");
  }
}

TEST(Kubeconfig, RefusesHalfALoginAndNone) {
  checkHas(errorOf(with(good, "{client-certificate: a}")), "no client-key");
  checkHas(errorOf(with(good, "{client-key: a}")), "no client-certificate");
  checkHas(errorOf(with(good, "{}")), "has no login");
}

TEST(Kubeconfig, RefusesProxiesThatItCannotUse) {
  for (auto const* url :
       {"socks5://p:1080", "https://p:3128", "http://u:p@p:1", "http://p", "p:1"}) {
    auto const error =
        errorOf(with("{server: 'https://h', proxy-url: '" + std::string(url) + "'}", login));
    checkHas(error, "proxy-url of cluster");
  }
}

TEST(Kubeconfig, NamesWhatIsMissing) {
  checkHas(errorOf(whole, "prd"), "has no context \"prd\"");
  checkHas(errorOf("clusters: []\n"), "has no current-context");
  checkHas(errorOf("current-context: x\ncontexts: [{name: x, context: {cluster: c}}]\n"),
           "has no cluster \"c\"");
  checkHas(errorOf(with(good, login) + "kind: Secret\n"), "is not Config");
  checkHas(errorOf("current-context: x\ncontexts: [{name: x}]\n"), "has no cluster");
  checkHas(errorOf("current-context: x\nclusters: [{name: c, cluster: " + good +
                   "}]\ncontexts: [{name: x, context: {cluster: c}}]\n"),
           "has no user");
}

TEST(Kubeconfig, RefusesTheSameNameTwice) {
  auto const error = errorOf(
      "current-context: x\n"
      "contexts:\n"
      "- {name: x, context: {cluster: a}}\n"
      "- {name: x, context: {cluster: b}}\n");
  checkHas(error, "/etc/k/kubeconfig:4:3: ");
  checkHas(error, "a second time");
}

TEST(Kubeconfig, SaysWhereAFileIsMissing) {
  test::TempDir const dir;
  try {
    static_cast<void>(loadKubeconfig(dir.file("absent"), ""));
    FAIL("an absent file was loaded");
  } catch (KubeconfigError const& error) {
    STRCMP_EQUAL(dir.file("absent").c_str(), error.file().c_str());
    checkHas(error.what(), "absent");
  }
}

TEST(Kubeconfig, ShowsNoKeyAndNoTokenInAnyError) {
  auto const canary = std::string("canary-4711-key");
  for (auto const& user :
       {"{client-key-data: " + canary + ", client-certificate-data: YQ==}",
        "{token: {" + canary + ": 1}}", "{token: " + canary + ", exec: {x: " + canary + "}}",
        "{token: " + canary + ", token: " + canary + "}", "{token: [" + canary + "]}",
        "{token: *" + canary + "}", "{token: !!binary " + canary + "]"}) {
    auto const error = errorOf(with(good, user));
    CHECK(error != "no error");
    CHECK_TEXT(error.find("canary") == std::string::npos, error.c_str());
  }
}

TEST(Kubeconfig, SurvivesTruncationAtEveryByte) {
  for (std::size_t size = 0; size < whole.size(); ++size) {
    auto const error = errorOf(whole.substr(0, size), "test");
    bool const named = error == "no error" || error.find("/etc/k/kubeconfig") != std::string::npos;
    CHECK_TEXT(named, error.c_str());
  }
}

TEST(Kubeconfig, SurvivesEveryByteBeingWrong) {
  auto text = with(good, login);
  for (std::size_t at = 0; at < text.size(); ++at) {
    char const was = text[at];
    for (char const other : {'\0', '\xFF', '{', '&', '*', '\n', '"'}) {
      text[at] = other;
      CHECK(!errorOf(text).empty());
    }
    text[at] = was;
  }
}

TEST(Kubeconfig, RefusesWhatIsNoMap) {
  for (auto const* text : {"", "~", "just text", "[1, 2]", "- a\n- b\n", "{", "\x01\x02", "%"}) {
    CHECK(errorOf(text) != "no error");
  }
}

TEST(Kubeconfig, RefusesDeepNesting) {
  checkHas(errorOf("a: " + std::string(40, '[') + std::string(40, ']')), "deeper");
  CHECK(errorOf(std::string(100'000, '[')) != "no error");
  CHECK(errorOf(std::string(100'000, '{')) != "no error");
  std::string blocks;
  for (int i = 0; i < 2000; ++i) blocks += std::string(static_cast<std::size_t>(i), ' ') + "a:\n";
  CHECK(errorOf(blocks) != "no error");
}

TEST(Kubeconfig, RefusesAliasesThatMultiply) {
  std::string bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
  for (int i = 1; i < 9; ++i) {
    auto const inner = "*a" + std::to_string(i - 1);
    bomb += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [" + inner;
    for (int j = 0; j < 9; ++j) bomb += ", " + inner;
    bomb += "]\n";
  }
  checkHas(errorOf(bomb), "nodes");
  CHECK(errorOf("a: &a [*a]\n") != "no error");
}

TEST(Kubeconfig, FollowsHonestAliases) {
  auto const config = parse(
      "current-context: x\n"
      "clusters: [{name: c, cluster: {server: &s 'https://h'}}]\n"
      "users: [{name: u, user: &u {token: t}}, {name: v, user: *u}]\n"
      "contexts: [{name: x, context: {cluster: c, user: v}}]\n");
  CHECK(config.token.text.reveal() == "t");
}

TEST(Kubeconfig, RefusesKeysGivenTwice) {
  auto const error = errorOf("current-context: x\ncontexts: []\ncurrent-context: y\n");
  checkHas(error, "/etc/k/kubeconfig:3:1: ");
  checkHas(error, "\"current-context\" a second time");
}

TEST(Kubeconfig, RefusesGiants) {
  test::TempDir const dir;
  auto const path = dir.write("giant", std::string(2 * 1024 * 1024, '#'));
  try {
    static_cast<void>(loadKubeconfig(path, ""));
    FAIL("a giant was loaded");
  } catch (KubeconfigError const& error) {
    checkHas(error.what(), "larger");
  }
}

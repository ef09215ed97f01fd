// SPDX-License-Identifier: Apache-2.0
#include "kube/connection.hpp"

#include <filesystem>
#include <string>

#include "kube/kubeconfig.hpp"
#include "kube_bench.hpp"
#include "real_replies.hpp"

#include <CppUTest/TestHarness.h>

using namespace kms_secretd;
using namespace kms_secretd::kube;
using namespace kms_secretd::kube::test;

TEST_GROUP(Connection) {
  Bench bench{};

  std::unique_ptr<Connection> connect() const {
    return std::make_unique<Connection>(bench.cluster(),
                                        const_cast<Bench&>(bench).settings());  // NOLINT
  }
  static std::string authorization(Connection & connection) {
    for (auto const& header : connection.way().headers) {
      if (header.name == "Authorization") return header.value;
    }
    return "";
  }
  void later() { bench.clock.advance(sdk::Milliseconds(1500)); }
  std::string errorOf() const {
    try {
      connect();
    } catch (KubeconfigError const& error) {
      return error.what();
    }
    return "no error";
  }
};

TEST(Connection, OpensATransportWithWhatTheFilesHold) {
  bench.dir.write("ca.crt", "ca-pem");
  bench.dir.write("kms.crt", "cert-pem");
  bench.dir.write("kms.key", "key-pem");
  bench.kubeconfig(
      "{server: 'https://10.0.0.1:6443', certificate-authority: ca.crt, "
      "tls-server-name: kubernetes.default, proxy-url: 'http://p:1'}",
      "{client-certificate: kms.crt, client-key: kms.key}");
  auto const connection = connect();
  auto const& spec = bench.opened.at(0);
  STRCMP_EQUAL("kubernetes.default", spec.host.c_str());
  STRCMP_EQUAL("10.0.0.1", spec.connectAddress.c_str());
  CHECK_EQUAL(6443, spec.port);
  STRCMP_EQUAL("ca-pem", spec.rootsPem.c_str());
  STRCMP_EQUAL("cert-pem", spec.clientCertificatePem.c_str());
  STRCMP_EQUAL("key-pem", spec.clientKeyPem.c_str());
  STRCMP_EQUAL("http://p:1", spec.proxy.c_str());
  STRCMP_EQUAL("cert-pem", connection->clientCertificate().c_str());
  STRCMP_EQUAL("https://10.0.0.1:6443", connection->server().c_str());
  STRCMP_EQUAL("", authorization(*connection).c_str());
}

TEST(Connection, B20_TakesUpARotatedToken) {
  bench.dir.write("token", "one\n");
  bench.kubeconfig("{server: 'https://h'}", "{tokenFile: token}");
  auto const connection = connect();
  STRCMP_EQUAL("Bearer one", authorization(*connection).c_str());
  bench.dir.write("token", "two\n");
  STRCMP_EQUAL("Bearer one", authorization(*connection).c_str());  // looked at within the second
  later();
  STRCMP_EQUAL("Bearer two", authorization(*connection).c_str());
  CHECK_EQUAL(1U, bench.opened.size());
}

TEST(Connection, TellsByItsGenerationThatAnotherLoginIsInUse) {
  bench.kubeconfig("{server: 'http://127.0.0.1:1'}", "{tokenFile: token}");
  bench.dir.write("token", "one");
  auto const connection = connect();
  auto const before = connection->generation();
  later();
  CHECK_TRUE(before == connection->generation());
  bench.dir.write("token", "another");
  CHECK_TRUE(before == connection->generation());
  later();
  CHECK_FALSE(before == connection->generation());
}

TEST(Connection, B20_OpensAnewForARotatedCertificateAndAuthority) {
  bench.dir.write("ca.crt", "ca-1");
  bench.dir.write("c", "cert-1");
  bench.dir.write("k", "key-1");
  bench.kubeconfig("{server: 'https://h', certificate-authority: ca.crt}",
                   "{client-certificate: c, client-key: k}");
  auto const connection = connect();
  auto const before = connection->way().transport;
  bench.dir.write("c", "cert-2");
  bench.dir.write("k", "key-2");
  later();
  auto const after = connection->way().transport;
  CHECK(before != after);
  STRCMP_EQUAL("key-2", bench.opened.at(1).clientKeyPem.c_str());
  bench.dir.write("ca.crt", "ca-2");
  later();
  CHECK(connection->way().transport != after);
  STRCMP_EQUAL("ca-2", bench.opened.at(2).rootsPem.c_str());
}

TEST(Connection, B20_FollowsTheKubeconfigItself) {
  auto const connection = connect();
  bench.kubeconfig("{server: 'http://127.0.0.1:9'}", "{token: other}");
  later();
  STRCMP_EQUAL("Bearer other", authorization(*connection).c_str());
  CHECK_EQUAL(9, bench.opened.at(1).port);
}

TEST(Connection, KeepsTheOldLoginWhileTheNewIsBroken) {
  bench.dir.write("token", "canary-one");
  bench.kubeconfig("{server: 'https://h'}", "{tokenFile: token}");
  auto const connection = connect();
  bench.dir.write("token", "canary two words");
  later();
  STRCMP_EQUAL("Bearer canary-one", authorization(*connection).c_str());
  CHECK(connection->problem().value_or("").find("is not a bearer token") != std::string::npos);
  CHECK(connection->problem().value_or("").find("canary") == std::string::npos);
  std::filesystem::remove(bench.dir.file("token"));
  later();
  STRCMP_EQUAL("Bearer canary-one", authorization(*connection).c_str());
  CHECK(connection->problem().has_value());
  bench.dir.write("token", "three");
  later();
  STRCMP_EQUAL("Bearer three", authorization(*connection).c_str());
  CHECK_FALSE(connection->problem().has_value());
}

TEST(Connection, KeepsTheOldTransportWhileKeyAndCertificateDiffer) {
  bench.dir.write("c", "cert-1");
  bench.dir.write("k", "key-1");
  bench.kubeconfig("{server: 'https://h'}", "{client-certificate: c, client-key: k}");
  auto const connection = connect();
  auto const before = connection->way().transport;
  bench.dir.write("c", "cert-2");
  bench.openFailure = "the key does not belong to the certificate";
  later();
  CHECK(connection->way().transport == before);
  CHECK(connection->problem().value_or("").find("does not belong") != std::string::npos);
  bench.openFailure.clear();
  later();
  CHECK(connection->way().transport != before);
}

TEST(Connection, LooksAgainAtOnceAfterA401) {
  bench.dir.write("token", "one");
  bench.kubeconfig("{server: 'https://h'}", "{tokenFile: token}");
  auto& client = bench.client();
  bench.script->reply({.status = 401, .body = std::string(unauthorizedReply)});
  bench.script->reply({.status = 200, .body = std::string(tableReply)});
  core::TargetId const id{.namespaceName = "n", .name = "s"};
  CHECK(failureIn(client.observe(id, bench.call())).kind == core::KubeFailureKind::unauthenticated);
  bench.dir.write("token", "two");
  CHECK(std::holds_alternative<core::Observed>(client.observe(id, bench.call())));
  STRCMP_EQUAL("Bearer two", bench.script->sent().at(1).header("Authorization").c_str());
}

TEST(Connection, CannotStartWithoutItsFiles) {
  bench.kubeconfig("{server: 'https://h', certificate-authority: absent.crt}", "{token: t}");
  CHECK(errorOf().find("absent.crt") != std::string::npos);
  bench.kubeconfig("{server: 'https://h'}", "{tokenFile: absent.token}");
  CHECK(errorOf().find("absent.token") != std::string::npos);
  bench.dir.write("empty", "");
  bench.kubeconfig("{server: 'https://h'}", "{tokenFile: empty}");
  CHECK(errorOf().find("is empty") != std::string::npos);
  bench.kubeconfig("{server: 'https://h'}", "{token: \"a\\r\\nX-Evil: canary\"}");
  CHECK(errorOf().find("is not a bearer token") != std::string::npos);
  CHECK(errorOf().find("canary") == std::string::npos);
  bench.dir.write("giant", std::string(100'000, 'x'));
  bench.kubeconfig("{server: 'https://h'}", "{tokenFile: giant}");
  CHECK(errorOf().find("larger") != std::string::npos);
}

TEST(Connection, CannotStartWhereTheTransportIsRefused) {
  bench.openFailure = "rootsPem holds no certificate";
  auto const error = errorOf();
  CHECK(error.find("context \"x\" cannot be used: rootsPem holds no certificate") !=
        std::string::npos);
}

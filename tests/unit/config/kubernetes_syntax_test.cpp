// SPDX-License-Identifier: Apache-2.0
#include "config/kubernetes_syntax.hpp"

#include <string>
#include <vector>

#include <CppUTest/TestHarness.h>

using namespace kms_secretd;

namespace {

using Check = config::Fault (*)(std::string_view);

void accepts(Check check, std::vector<std::string> const& texts) {
  for (auto const& text : texts) CHECK_FALSE_TEXT(check(text).has_value(), text.c_str());
}

void refuses(Check check, std::vector<std::string> const& texts) {
  for (auto const& text : texts) CHECK_TRUE_TEXT(check(text).has_value(), text.c_str());
}

std::string times(std::size_t count) { return std::string(count, 'a'); }

}  // namespace

TEST_GROUP(KubernetesSyntax){};

TEST(KubernetesSyntax, NamespacesAreLabels) {
  accepts(config::labelFault, {"a", "payments", "a-b", "1a", times(63)});
  refuses(config::labelFault, {"", "-a", "a-", "A", "a.b", "a_b", "ä", times(64)});
}

TEST(KubernetesSyntax, SecretNamesAreSubdomains) {
  accepts(config::subdomainFault, {"a", "a.b", "a-b.c-d", "1", times(253)});
  refuses(config::subdomainFault,
          {"", ".", "a.", ".a", "a..b", "a.-b", "A", "a_b", "a/b", times(254)});
}

TEST(KubernetesSyntax, DataKeysAreFileNames) {
  accepts(config::dataKeyFault, {"a", "A_b-c.d", ".dockerconfigjson", "tls.crt", "-", times(253)});
  refuses(config::dataKeyFault, {"", ".", "..", "..a", "a b", "a/b", "ä", times(254)});
}

TEST(KubernetesSyntax, TypesThatMintCredentialsAreRefusedWithTheReason) {
  accepts(config::secretTypeFault, {"Opaque", "kubernetes.io/tls", "helm.sh/release.v1", "x"});
  refuses(config::secretTypeFault, {"", "a b", "a\n", "ä", times(254)});
  STRCMP_CONTAINS("mint credentials",
                  config::tokenTypeFault("kubernetes.io/service-account-token")->c_str());
  STRCMP_CONTAINS("join the cluster",
                  config::tokenTypeFault("bootstrap.kubernetes.io/token")->c_str());
}

TEST(KubernetesSyntax, MetadataKeysAreQualifiedNamesButNotOurs) {
  accepts(config::metadataKeyFault, {"team", "Team_1.x-y", "example.org/team", "EXAMPLE.org/a",
                                     times(63), "my-kms-secretd.io/a"});
  refuses(config::metadataKeyFault,
          {"", "/a", "a/", "a/b/c", "-a", "a-", "a b", "exa_mple/a", times(64), times(254) + "/a",
           "kms-secretd.io/instance", "KMS-secretd.io/x", "sub.kms-secretd.io/x",
           "app.kubernetes.io/managed-by"});
}

TEST(KubernetesSyntax, LabelValuesAreShortWords) {
  accepts(config::labelValueFault, {"", "a", "A.b_c-d", times(63)});
  refuses(config::labelValueFault, {"-", "a b", "a/b", ".a", times(64)});
}

TEST(KubernetesSyntax, StoreNamesHaveNoSlash) {
  accepts(config::storeNameFault, {"kms", "KMS_1-a", times(63)});
  refuses(config::storeNameFault, {"", "a/b", "a.b", "a b", times(64)});
}

TEST(KubernetesSyntax, SourceNamesAreTheBackendsBusiness) {
  accepts(config::sourceNameFault,
          {"a", "prod/db", "acs:kms:cn-hangzhou:1:secret/a", "ä b", times(1024)});
  refuses(config::sourceNameFault, {"", " a", "a ", "a\nb", std::string("a\0b", 3), times(1025)});
}

TEST(KubernetesSyntax, PathsAreAbsolute) {
  accepts(config::absolutePathFault, {"/a", "/a b"});
  refuses(config::absolutePathFault, {"", "a", "~/a", "./a", "/a\nb"});
}

TEST(KubernetesSyntax, AMisspelledTypeIsGuessed) {
  STRCMP_EQUAL("Opaque", config::probableType("opaque").value().c_str());
  STRCMP_EQUAL("kubernetes.io/tls", config::probableType("kubernetes.io/tsl").value().c_str());
  CHECK_FALSE(config::probableType("kubernetes.io/tls").has_value());
  CHECK_FALSE(config::probableType("example.org/tls").has_value());
}

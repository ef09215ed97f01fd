// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <string>

#include "ctl/import.hpp"

#include <CppUTest/TestHarness.h>

using namespace kms_secretd::ctl;

TEST_GROUP(ImportAuth) {
  Imported imported{};

  // A store with this KMSAuth, and a secret that reads through it from `endpoint`.
  std::string importOf(std::string const& auth, std::string const& endpoint = {},
                       std::string const& more = {}) {
    std::string const head = "---\napiVersion: alibabacloud.com/v1alpha1\nkind: ";
    imported = importManifests(
        {{.name = "f.yaml",
          .text = head +
                  "SecretStore\nmetadata: {name: s, namespace: shop}\nspec: {KMS: {KMSAuth: " +
                  auth + "}}\n" + head +
                  "ExternalSecret\nmetadata: {name: e, namespace: shop}\nspec: {data: [{key: a, "
                  "name: a, kmsEndpoint: '" +
                  endpoint + "', secretStoreRef: {name: s}}]}\n" + more}});
    auto const start = imported.toml.find("\n[store.");
    return imported.toml.substr(start, imported.toml.find("\n[[secret]]") - start);
  }
  void has(std::string const& text, char const* part) { STRCMP_CONTAINS(part, text.c_str()); }
  void noted(char const* what) {
    auto const at = std::ranges::find_if(imported.notes, [what](std::string const& note) {
      return note.find(what) != std::string::npos;
    });
    CHECK_TEXT(at != imported.notes.end(), what);
  }
};

TEST(ImportAuth, AnAccessKeyThatAssumesARoleBecomesARamRole) {
  auto const store = importOf(
      "{accessKey: {name: c, key: i}, accessKeySecret: {name: c, key: s}, "
      "ramRoleARN: 'acs:ram::1:role/r', ramRoleSessionName: app, "
      "remoteRamRoleARN: 'acs:ram::2:role/other'}",
      "kms.cn-beijing.aliyuncs.com");
  has(store, R"([store.s-kms.auth]
type = "ram_role"
role_arn = "acs:ram::1:role/r"
session_name = "app"
remote_role = "acs:ram::2:role/other"

[store.s-kms.auth.base]
type = "access_key"
id = { file = "/etc/kms-secretd/s-kms-access-key-id" }
secret = { file = "/etc/kms-secretd/s-kms-access-key-secret" }

[store.s-kms.auth.sts]
region = "cn-beijing"
)");
  noted("write key i of Secret shop/c");
}

TEST(ImportAuth, TheRoleOfAServiceAccountIsReadFromItsAnnotation) {
  constexpr char const* auth =
      "{oidcProviderARN: 'acs:ram::1:oidc-provider/p', serviceAccountRef: {name: reader, "
      "audiences: [aud]}}";
  auto const store = importOf(auth, "",
                              "---\napiVersion: v1\nkind: ServiceAccount\nmetadata: {name: reader, "
                              "namespace: shop, annotations: {ack.alibabacloud.com/role-arn: "
                              "'acs:ram::1:role/reader'}}\n");
  has(store, R"([store.s.auth]
type = "oidc"
role_arn = "acs:ram::1:role/reader"
provider_arn = "acs:ram::1:oidc-provider/p"
service_account = "shop/reader"
audience = "aud"
)");
  CHECK_TRUE(imported.notes.empty());
  has(importOf(auth), "# role_arn: to be written by hand");
  noted("of ServiceAccount shop/reader, which is in none of the files");
}

TEST(ImportAuth, TheOperatorsOwnAccountIsNamedAndNoted) {
  auto const store =
      importOf("{ramRoleARN: 'acs:ram::1:role/r', oidcProviderARN: 'acs:ram::1:oidc-provider/p'}");
  has(store, "type = \"oidc\"\nrole_arn = \"acs:ram::1:role/r\"");
  has(store, "service_account = \"kube-system/ack-secret-manager\"");
  noted("logged in as its own ServiceAccount");
}

TEST(ImportAuth, WhatNobodyKnowsIsNoted) {
  importOf("{ramRoleARN: r, oidcTokenFilePath: /x, roleSessionExpiration: '900'}",
           "kms.example.internal");
  noted("oidcTokenFilePath is not carried over");
  noted("roleSessionExpiration is not carried over: the operator did not use it");
  noted("its OIDC provider is not told");
  noted("write the region into [store.s-kms.auth.sts]");
  has(importOf("{}"), "# auth: to be written by hand");
}

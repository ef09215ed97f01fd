// SPDX-License-Identifier: Apache-2.0
#include "ctl/import.hpp"

#include <algorithm>
#include <string>

#include <CppUTest/TestHarness.h>

using namespace kms_secretd::ctl;

namespace {

std::string object(std::string const& kind, std::string const& name, std::string const& spec) {
  return "---\napiVersion: alibabacloud.com/v1alpha1\nkind: " + kind +
         "\nmetadata: {name: " + name + ", namespace: shop}\nspec:\n" + spec;
}

std::string const keyStore = object("SecretStore", "main", R"(
  KMS:
    KMSAuth:
      accessKey: {name: cred, key: id}
      accessKeySecret: {name: cred, namespace: ops, key: secret}
)");

}  // namespace

TEST_GROUP(Import){Imported run(std::string const& text){
    return importManifests({{.name = "f.yaml", .text = text}});
}

void noted(Imported const& imported, char const* what) {
  auto const at = std::ranges::find_if(imported.notes, [what](std::string const& note) {
    return note.find(what) != std::string::npos;
  });
  CHECK_TEXT(at != imported.notes.end(), what);
}
}
;

TEST(Import, CarriesDataOverWithStoreVersionAndInterval) {
  auto const imported = run(keyStore + object("ExternalSecret", "db", R"(
  rotationInterval: 1h0m30s
  type: kubernetes.io/basic-auth
  data:
  - {key: prod/db, name: password, versionStage: ACSPrevious, secretStoreRef: {name: main}}
  - {key: prod/user, versionId: v1, secretStoreRef: {name: main}}
)"));
  auto const at = imported.toml.find("\n[store.main]");
  CHECK_EQUAL(std::string(R"(
[store.main]
backend = "kms-endpoint"
# was SecretStore shop/main

[store.main.auth]
type = "access_key"
id = { file = "/etc/kms-secretd/main-access-key-id" }
secret = { file = "/etc/kms-secretd/main-access-key-secret" }

[[secret]]
name = "db"
namespace = "shop"
type = "kubernetes.io/basic-auth"
interval = "3630s"
adopt = "if-equal"

[[secret.data]]
source = "prod/db"
key = "password"
version_stage = "ACSPrevious"
store = "main"

[[secret.data]]
source = "prod/user"
key = "prod/user"
version_id = "v1"
store = "main"
)"),
              imported.toml.substr(at));
  LONGS_EQUAL(1, imported.secrets);
  LONGS_EQUAL(1, imported.stores);
  LONGS_EQUAL(1, imported.notes.size());
  noted(imported,
        "write key id of Secret shop/cred into /etc/kms-secretd/main-access-key-id and "
        "key secret of Secret ops/cred into");
}

TEST(Import, CarriesExpressionsExtractionAndRulesOver) {
  auto const imported = run(object("ExternalSecret", "json", R"(
  data:
  - key: a
    jmesPath:
    - {path: "friends[0].name", objectAlias: friend}
    - {path: age, objectAlias: ""}
  dataProcess:
  - extract: {key: b, name: unused, jmesPath: [{path: a.b, objectAlias: c}]}
    replaceRule: [{source: "^n.*e$", target: name}]
)"));
  for (auto const* part :
       {"path = \"friends[0].name\"\nobject_alias = \"friend\"",
        "path = \"age\"\nobject_alias = \"a\"", "[secret.data_process.extract]\nsource = \"b\"",
        "source = \"^a\\\\.b$\"\ntarget = \"c\"", "source = \"^n.*e$\"\ntarget = \"name\""}) {
    STRCMP_CONTAINS(part, imported.toml.c_str());
  }
  noted(imported, "selects nothing");
  noted(imported, "renames keys only");
}

TEST(Import, MakesOneStoreForEachEndpoint) {
  auto const imported = run(keyStore + object("ExternalSecret", "db", R"(
  data:
  - {key: a, name: a, secretStoreRef: {name: main}}
  - {key: b, name: b, kmsEndpoint: " kms.cn-beijing.aliyuncs.com ", secretStoreRef: {name: main}}
  - {key: c, name: c, kmsEndpoint: kst-1.cryptoservice.kms.aliyuncs.com}
)"));
  LONGS_EQUAL(3, imported.stores);
  STRCMP_CONTAINS(
      "[store.main-kms]\nbackend = \"kms-endpoint\"\n"
      "endpoint = \"kms.cn-beijing.aliyuncs.com\"",
      imported.toml.c_str());
  STRCMP_CONTAINS("[store.operator-kst-1]", imported.toml.c_str());
}

TEST(Import, NotesWhateverCannotBeCarriedOver) {
  auto const imported = run(object("SecretStore", "role", R"(
  KMS:
    KMSAuth: {ramRoleARN: a, oidcProviderARN: b}
)") + object("ExternalSecret", "t", R"(
  rotationInterval: 1ms
  surprise: 1
  data:
  - {key: a, name: a, versionId: v1, versionStage: s, secretStoreRef: {name: role}}
  - {key: a, name: b, secretStoreRef: {name: absent}}
  target:
    name: other
    template:
      data: {x: "{{ .a }}"}
      metadata: {labels: {team: x, bad: "{{ .a }}"}}
)") + object("ExternalSecret", "o", "\n  provider: oos\n") +
                            object("ClusterExternalSecret", "c", "\n  conditions: []\n"));
  STRCMP_CONTAINS("name = \"other\"", imported.toml.c_str());
  STRCMP_CONTAINS("labels = { \"team\" = \"x\" }", imported.toml.c_str());
  for (auto const* note :
       {"f.yaml: ExternalSecret shop/t: spec.surprise is not known", "spec.rotationInterval is no",
        "versionStage is dropped", "store shop/absent is in none", "spec.target.template.data is",
        "template of labels bad",
        "SecretStore shop/role: the operator logged in as its own ServiceAccount",
        "ExternalSecret shop/o: is not carried over: provider oos",
        "ClusterExternalSecret c: is not carried over"}) {
    noted(imported, note);
  }
  LONGS_EQUAL(1, imported.secrets);
}

TEST(Import, ReadsListsAndPassesOverOtherKinds) {
  auto const imported = run(R"(
apiVersion: v1
kind: List
items:
- {apiVersion: v1, kind: Secret, metadata: {name: x}}
- apiVersion: alibabacloud.com/v1alpha1
  kind: ExternalSecret
  metadata: {name: "a\"b\nc"}
  spec: {data: [{key: k}]}
)");
  LONGS_EQUAL(1, imported.secrets);
  STRCMP_CONTAINS(R"(name = "a\"b\u000Ac")", imported.toml.c_str());
  STRCMP_CONTAINS("namespace = \"default\"", imported.toml.c_str());
}

TEST(Import, SaysWhereAFileIsNoYaml) {
  CHECK_THROWS(ImportError, run("a: [1"));
  CHECK_THROWS(ImportError, run(std::string(2000, '[')));
  LONGS_EQUAL(0, run("").secrets);
  LONGS_EQUAL(0, run("- 1\n- {kind: [x]}\n---\n7\n").secrets);
  auto const odd = run(object("ExternalSecret", "x", "\n  data: {a: b}\n  target: [1]\n"));
  LONGS_EQUAL(1, odd.secrets);
}

// SPDX-License-Identifier: Apache-2.0
// How stores log in: the `auth` of a SecretStore as [store.*.auth].
#include "ctl/import_model.hpp"

namespace kms_secretd::ctl {
namespace {

constexpr char const* roleAnnotation = "ack.alibabacloud.com/role-arn";
constexpr char const* operatorsAccount = "kube-system/ack-secret-manager";

// What the fields of a KMSAuth come from, in the order in which the operator looks at them.
std::set<std::string> const& knownFields() {
  static std::set<std::string> const fields{
      "accessKey",       "accessKeySecret",  "ramRoleARN",        "ramRoleSessionName",
      "oidcProviderARN", "remoteRamRoleARN", "serviceAccountRef", "remoteRamRoleSessionName"};
  return fields;
}

std::string secretRef(YAML::Node const& ref, Manifest const& store) {
  auto const given = textIn(ref, "namespace");
  return "key " + textIn(ref, "key") + " of Secret " +
         (given.empty() ? store.namespaceName : given) + "/" + textIn(ref, "name");
}

// "kms.cn-hangzhou.aliyuncs.com", "kms-vpc.cn-hangzhou.aliyuncs.com"; empty where it tells none.
std::string regionOf(std::string const& endpoint) {
  constexpr std::string_view domain = ".aliyuncs.com";
  for (std::string const prefix : {"kms.", "kms-vpc."}) {
    if (!endpoint.starts_with(prefix) || !endpoint.ends_with(domain)) continue;
    auto region = endpoint.substr(prefix.size(), endpoint.size() - prefix.size() - domain.size());
    if (region.find('.') == std::string::npos) return region;
  }
  return {};
}

/// Writes the auth of one store.
class AuthWriter {
 public:
  AuthWriter(TomlWriter& out, AuthImport const& import, Notes& notes)
      : out_(out), import_(import), notes_(notes), auth_(import.auth) {}

  void write() {
    noteOthers();
    auto const hasKey = memberOf(auth_, "accessKey") && memberOf(auth_, "accessKeySecret");
    auto const role = textIn(auth_, "ramRoleARN");
    auto const account = memberOf(auth_, "serviceAccountRef");
    if (account) return writeAccount(account);
    if (hasKey && role.empty()) return writeKey();
    if (hasKey) return writeAssumed(role);
    if (!role.empty() || !textIn(auth_, "oidcProviderARN").empty()) return writeOperators(role);
    out_.comment("auth: to be written by hand; see configuration.md");
  }

 private:
  void note(std::string const& what) { notes_.add(import_.store, what); }

  void noteOthers() {
    for (auto const& other : othersIn(auth_, knownFields())) {
      note(other + (other == "roleSessionExpiration"
                        ? " is not carried over: the operator did not use it; session_duration is "
                          "what it would be"
                        : " is not carried over: write the store's auth by hand, as "
                          "docs/authentication.md shows"));
    }
  }

  [[nodiscard]] std::string path() const { return "store." + import_.name + ".auth"; }

  void begin(char const* type) {
    out_.header(path(), false);
    out_.text("type", type);
  }

  void writeKeyFiles() {
    auto const directory = "/etc/kms-secretd/" + import_.name + "-access-key-";
    note("write " + secretRef(memberOf(auth_, "accessKey"), import_.store) + " into " + directory +
         "id and " + secretRef(memberOf(auth_, "accessKeySecret"), import_.store) + " into " +
         directory + "secret, both of mode 0640 and group kms-secretd");
    out_.raw("id", "{ file = " + tomlString(directory + "id") + " }");
    out_.raw("secret", "{ file = " + tomlString(directory + "secret") + " }");
  }

  void writeKey() {
    begin("access_key");
    writeKeyFiles();
    writeRemote();
    if (!textIn(auth_, "remoteRamRoleARN").empty()) writeSts();
  }

  void writeAssumed(std::string const& role) {
    begin("ram_role");
    out_.text("role_arn", role);
    writeSession();
    writeRemote();
    out_.header(path() + ".base", false);
    out_.text("type", "access_key");
    writeKeyFiles();
    writeSts();
  }

  // The operator showed the token of its own pod.
  void writeOperators(std::string const& role) {
    note(std::string("the operator logged in as its own ServiceAccount, taken to be ") +
         operatorsAccount +
         ": the role's trust policy names it, and it must stay when the "
         "operator goes; or make another one and change both");
    writeOidc(role, operatorsAccount, {});
  }

  void writeAccount(YAML::Node const& ref) {
    auto const given = textIn(ref, "namespace");
    auto const account =
        (given.empty() ? import_.store.namespaceName : given) + "/" + textIn(ref, "name");
    auto const at = import_.roles.find(account);
    auto const role = at == import_.roles.end() ? std::string() : at->second;
    if (role.empty()) {
      note("its role stands in annotation " + std::string(roleAnnotation) + " of ServiceAccount " +
           account + ", which is in none of the files: write it as role_arn");
    }
    auto const audiences = memberOf(ref, "audiences");
    auto const several = audiences && audiences.IsSequence() && audiences.size() > 0;
    writeOidc(role, account, several ? audiences[0].as<std::string>("") : std::string());
  }

  void writeOidc(std::string const& role, std::string const& account, std::string const& audience) {
    auto const provider = textIn(auth_, "oidcProviderARN");
    begin("oidc");
    if (role.empty()) out_.comment("role_arn: to be written by hand");
    out_.text("role_arn", role);
    if (provider.empty()) {
      note("its OIDC provider is not told: write it as provider_arn");
      out_.comment("provider_arn: to be written by hand");
    }
    out_.text("provider_arn", provider);
    out_.text("service_account", account);
    out_.text("audience", audience);
    writeSession();
    writeRemote();
    writeSts();
  }

  void writeSession() {
    auto const last = textIn(auth_, "remoteRamRoleSessionName");
    auto const session = last.empty() ? textIn(auth_, "ramRoleSessionName") : last;
    out_.text("session_name", session);
    if (!last.empty() && last != textIn(auth_, "ramRoleSessionName")) {
      note("its two roles have session names of their own; here both are " + last);
    }
  }

  void writeRemote() { out_.text("remote_role", textIn(auth_, "remoteRamRoleARN")); }

  // Roles are asked of a region's STS; an endpoint hides the region from the store.
  void writeSts() {
    if (import_.endpoint.empty()) return;
    auto const region = regionOf(import_.endpoint);
    out_.header(path() + ".sts", false);
    if (region.empty()) {
      out_.comment("region: to be written by hand; the endpoint does not tell it");
      note("a role needs STS: write the region into [" + path() + ".sts]");
    }
    out_.text("region", region);
  }

  TomlWriter& out_;
  AuthImport const& import_;
  Notes& notes_;
  YAML::Node const& auth_;
};

}  // namespace

std::string roleOf(YAML::Node const& serviceAccount) {
  return textIn(memberOf(memberOf(serviceAccount, "metadata"), "annotations"), roleAnnotation);
}

void writeAuth(TomlWriter& out, AuthImport const& import, Notes& notes) {
  AuthWriter(out, import, notes).write();
}

}  // namespace kms_secretd::ctl

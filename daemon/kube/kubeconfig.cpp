// SPDX-License-Identifier: Apache-2.0
#include "kube/kubeconfig.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <variant>

#include "kube/base64.hpp"
#include "kube/server_url.hpp"
#include "kube/yaml_guard.hpp"
#include "platform/files.hpp"

namespace kms_secretd::kube {
namespace {

constexpr std::size_t maxFileBytes = 1024 * 1024;

std::string quotedName(std::string const& name) { return "\"" + name.substr(0, 120) + "\""; }

// One map of the file, with what messages need to name it.
class Section {
 public:
  Section(YAML::Node node, std::string file, std::string title)
      : node_(std::move(node)), file_(std::move(file)), title_(std::move(title)) {
    if (!node_.IsMap()) fail("is not a map", "mend the kubeconfig");
  }

  [[nodiscard]] std::string const& file() const noexcept { return file_; }

  [[nodiscard]] bool has(char const* key) const {
    auto const member = node_[key];
    return member.IsDefined() && !member.IsNull();
  }

  // The text of `key`, empty where it is absent.
  [[nodiscard]] std::string text(char const* key) const {
    if (!has(key)) return {};
    if (!node_[key].IsScalar()) failAt(key, "is not text", "write one text there");
    return node_[key].Scalar();
  }

  [[nodiscard]] std::string needed(char const* key, char const* remedy) const {
    auto value = text(key);
    if (value.empty()) fail(std::string("has no ") + key, remedy);
    return value;
  }

  [[nodiscard]] bool flag(char const* key) const {
    auto const value = text(key);
    if (value == "true") return true;
    if (!value.empty() && value != "false")
      failAt(key, "is not true or false", "write one of them");
    return false;
  }

  // The map `inner` of the entry called `name` in the list `list`.
  [[nodiscard]] Section entry(char const* list, std::string const& name, char const* inner) const {
    auto const title = std::string(inner) + " " + quotedName(name);
    std::optional<YAML::Node> found;
    if (has(list) && !node_[list].IsSequence())
      failAt(list, "is not a list", "mend the kubeconfig");
    for (std::size_t i = 0; has(list) && i < node_[list].size(); ++i) {
      Section const item(node_[list][i], file_, "an entry of " + std::string(list));
      if (item.text("name") != name) continue;
      if (found) item.fail("names " + title + " a second time", "leave one of the two");
      found.emplace(item.node_[inner]);
    }
    if (!found) fail("has no " + title, "add it under " + std::string(list) + " or name another");
    bool const empty = !found->IsDefined() || found->IsNull();
    return {empty ? YAML::Node(YAML::NodeType::Map) : *found, file_, title};
  }

  [[noreturn]] void fail(std::string const& what, std::string const& remedy) const {
    throw KubeconfigError(file_, placeOf(file_, node_) + ": " + title_ + " " + what, remedy);
  }

  [[noreturn]] void failAt(char const* key, std::string const& what,
                           std::string const& remedy) const {
    throw KubeconfigError(
        file_, placeOf(file_, node_[key]) + ": " + key + " of " + title_ + " " + what, remedy);
  }

 private:
  YAML::Node node_;
  std::string file_;
  std::string title_;
};

std::string besideKubeconfig(std::string const& file, std::string const& path) {
  if (path.empty() || path.front() == '/') return path;
  auto const slash = file.rfind('/');
  return slash == std::string::npos ? path : file.substr(0, slash + 1) + path;
}

// "<key>-data" wins over "<key>", as in client-go.
Material material(Section const& section, char const* key) {
  auto const dataKey = std::string(key) + "-data";
  auto const data = section.text(dataKey.c_str());
  if (data.empty()) {
    return {.path = besideKubeconfig(section.file(), section.text(key)), .text = {}};
  }
  auto decoded = decodeBase64(data);
  if (!decoded || decoded->empty()) {
    section.failAt(dataKey.c_str(), "is not base64", "write the PEM text in base64 on one line");
  }
  return {.path = {}, .text = std::move(*decoded)};
}

void readServer(Section const& cluster, Kubeconfig& config) {
  config.server = cluster.needed("server", "add the URL of the API server");
  auto parsed = parseServerUrl(config.server);
  if (auto const* problem = std::get_if<UrlProblem>(&parsed)) {
    cluster.failAt("server", problem->what, problem->remedy);
  }
  auto& url = std::get<ServerUrl>(parsed);
  config.host = std::move(url.host);
  config.port = url.port;
  config.plainHttp = url.plainHttp;
  config.pathPrefix = std::move(url.pathPrefix);
}

void readProxy(Section const& cluster, Kubeconfig& config) {
  auto const url = cluster.text("proxy-url");
  if (url.empty()) return;
  auto parsed = parseProxyUrl(url);
  if (auto const* problem = std::get_if<UrlProblem>(&parsed)) {
    cluster.failAt("proxy-url", problem->what, problem->remedy);
  }
  config.proxy = std::get<std::string>(std::move(parsed));
}

void readCluster(Section const& cluster, Kubeconfig& config) {
  if (cluster.flag("insecure-skip-tls-verify")) {
    cluster.failAt("insecure-skip-tls-verify",
                   "would let anybody on the way read and change every secret",
                   "remove it and give certificate-authority");
  }
  readServer(cluster, config);
  readProxy(cluster, config);
  config.tlsServerName = cluster.text("tls-server-name");
  config.authority = material(cluster, "certificate-authority");
}

struct Unsupported {
  char const* key;
  char const* why;
};

constexpr auto insteadOfOthers =
    "use client-certificate and client-key, or tokenFile (see the manual's chapter on logging in)";

void refuseOtherLogins(Section const& user) {
  constexpr std::array<Unsupported, 8> keys = {{
      {"exec", "asks for a helper program, and the daemon starts none"},
      {"auth-provider", "asks for a provider that is built into kubectl only"},
      {"username", "is basic authentication, which API servers no longer know"},
      {"password", "is basic authentication, which API servers no longer know"},
      {"as", "asks to act as another user, which the daemon does not do"},
      {"as-uid", "asks to act as another user, which the daemon does not do"},
      {"as-groups", "asks to act as another user, which the daemon does not do"},
      {"as-user-extra", "asks to act as another user, which the daemon does not do"},
  }};
  for (auto const& [key, why] : keys) {
    if (user.has(key)) user.failAt(key, why, insteadOfOthers);
  }
}

void readToken(Section const& user, Kubeconfig& config) {
  auto const path = user.text("tokenFile");
  if (!path.empty()) {
    config.token.path = besideKubeconfig(user.file(), path);
  } else {
    config.token.text = sdk::SecretBytes(user.text("token"));
  }
}

void readUser(Section const& user, Kubeconfig& config) {
  refuseOtherLogins(user);
  config.clientCertificate = material(user, "client-certificate");
  config.clientKey = material(user, "client-key");
  readToken(user, config);
  if (config.clientCertificate.given() != config.clientKey.given()) {
    user.fail(config.clientKey.given() ? "has a client-key but no client-certificate"
                                       : "has a client-certificate but no client-key",
              "give both");
  }
  if (!config.plainHttp && !config.clientCertificate.given() && !config.token.given()) {
    user.fail("has no login", insteadOfOthers);
  }
}

std::string contextName(Section const& root, std::string const& wanted) {
  if (!wanted.empty()) return wanted;
  return root.needed("current-context",
                     "add current-context, or name one in [kubernetes] context = \"...\"");
}

void readUserOf(Section const& context, Section const& root, Kubeconfig& config) {
  auto const name = context.text("user");
  if (name.empty() && config.plainHttp) return;  // e.g. behind `kubectl proxy`
  if (name.empty()) context.fail("has no user", "add the name of an entry under users");
  readUser(root.entry("users", name, "user"), config);
}

}  // namespace

Kubeconfig parseKubeconfig(std::string_view text, std::string const& file,
                           std::string const& context) {
  auto const document = loadGuardedYaml(text, file);
  Section const root(document, file, "the kubeconfig");
  if (auto const kind = root.text("kind"); !kind.empty() && kind != "Config") {
    root.failAt("kind", "is not Config", "give the path of a kubeconfig");
  }
  Kubeconfig config;
  config.file = file;
  config.context = contextName(root, context);
  auto const chosen = root.entry("contexts", config.context, "context");
  config.namespaceName = chosen.text("namespace");
  auto const clusterName = chosen.needed("cluster", "add the name of an entry under clusters");
  readCluster(root.entry("clusters", clusterName, "cluster"), config);
  readUserOf(chosen, root, config);
  return config;
}

Kubeconfig loadKubeconfig(std::string const& file, std::string const& context) {
  auto const text = platform::readSecretFile(file, maxFileBytes);
  if (!text) {
    throw KubeconfigError(file, "cannot read the kubeconfig: " + text.failure().message,
                          "it is named by 'kubeconfig' in [kubernetes] or [cluster.<name>]");
  }
  return parseKubeconfig(text.value().reveal(), file, context);
}

}  // namespace kms_secretd::kube

// SPDX-License-Identifier: Apache-2.0
#include "ctl/make_login.hpp"

#include <unistd.h>

#include <boost/json.hpp>
#include <chrono>
#include <cstdio>
#include <optional>
#include <thread>
#include <utility>

#include "ctl/exit_codes.hpp"
#include "ctl/kubeconfig_text.hpp"
#include "ctl/login_files.hpp"
#include "ctl/screen.hpp"
#include "ctl/show.hpp"
#include "kube/base64.hpp"
#include "kube/json_read.hpp"
#include "kube/requests.hpp"
#include "platform/certificate_request.hpp"
#include "platform/files.hpp"

namespace kms_secretd::ctl {
namespace {

namespace json = boost::json;
using namespace std::chrono_literals;

constexpr char const* requestsPath = "/apis/certificates.k8s.io/v1/certificatesigningrequests";
constexpr char const* signer = "kubernetes.io/kube-apiserver-client";
constexpr std::int64_t week = std::int64_t{7} * 24 * 3600;
constexpr std::int64_t year = std::int64_t{365} * 24 * 3600;
constexpr int conflict = 409;

void say(std::string const& text) { std::printf("%s\n", printable(text).c_str()); }

template <class T>
T need(sdk::Result<T> result) {
  if (!result.ok()) throw std::runtime_error(result.failure().message);
  return std::move(result).value();
}

std::string base64(std::string_view bytes) {
  sdk::SecretBytes encoded;
  kube::appendBase64(encoded, bytes);
  return std::string(encoded.reveal());
}

void writeKubeconfig(LoginWish const& wish, ClusterClient& cluster, KubeconfigParts parts) {
  parts.server = cluster.server();
  parts.authorityPem = cluster.authority();
  writeForDaemon(wish.out, kubeconfigText(parts));
}

void sayNext() {
  say("it may do nothing yet; its rights: kms-secretctl rbac | kubectl apply -f -");
}

/// A client certificate: key and request here, the signature by the cluster.
class CertificateLogin {
 public:
  CertificateLogin(LoginWish const& wish, ClusterClient& cluster)
      : wish_(wish),
        cluster_(cluster),
        directory_(wish.directory.empty() ? "/etc/kms-secretd" : wish.directory) {}

  int run() {
    takeKey();
    submit();
    if (wish_.approve) approve();
    auto const certificate = waitForCertificate();
    if (!certificate) return waiting();
    writeForDaemon(directory_ + "/client.key", key_.reveal());
    writeForDaemon(directory_ + "/client.crt", *certificate);
    writeKubeconfig(
        wish_, cluster_,
        {.certificateFile = directory_ + "/client.crt", .keyFile = directory_ + "/client.key"});
    ::unlink(pendingFile().c_str());
    say(wish_.out + " logs in as user " + wish_.user + " by " + directory_ + "/client.crt");
    sayNext();
    return exitGood;
  }

 private:
  // Kept until the certificate is there: the command may be given again after the approval.
  [[nodiscard]] std::string pendingFile() const { return directory_ + "/client.key.pending"; }

  void takeKey() {
    constexpr std::size_t maxKeyBytes = 64 * 1024;
    if (::access(pendingFile().c_str(), F_OK) == 0) {
      key_ = need(platform::readSecretFile(pendingFile(), maxKeyBytes));
    } else {
      key_ = need(platform::newPrivateKey());
      writeForDaemon(pendingFile(), key_.reveal());
    }
    constexpr std::size_t shown = 12;
    name_ = "kms-secretd-" + need(platform::publicKeyDigest(key_.reveal())).substr(0, shown);
  }

  [[nodiscard]] kube::Asked asked(char const* verb) const {
    return {.verb = verb, .resource = "certificatesigningrequests", .name = name_};
  }

  void submit() {
    auto const request = need(platform::certificateRequest(key_.reveal(), wish_.user));
    json::object const spec{{"request", base64(request)},
                            {"signerName", signer},
                            {"expirationSeconds", year},
                            {"usages", json::array{"client auth"}}};
    static_cast<void>(
        cluster_.send({.method = "POST",
                       .path = requestsPath,
                       .body = json::object{{"apiVersion", "certificates.k8s.io/v1"},
                                            {"kind", "CertificateSigningRequest"},
                                            {"metadata", json::object{{"name", name_}}},
                                            {"spec", spec}},
                       .asked = asked("create")},
                      {conflict}));
  }

  [[nodiscard]] json::object current() {
    return cluster_.ask({.path = std::string(requestsPath) + "/" + name_, .asked = asked("get")});
  }

  void approve() {
    auto request = current();
    request["status"] = json::object{
        {"conditions", json::array{json::object{{"type", "Approved"},
                                                {"status", "True"},
                                                {"reason", "KmsSecretctl"},
                                                {"message", "asked for by an administrator"}}}}};
    static_cast<void>(cluster_.send({.method = "PUT",
                                     .path = std::string(requestsPath) + "/" + name_ + "/approval",
                                     .body = std::move(request),
                                     .asked = asked("update")}));
  }

  [[nodiscard]] std::optional<std::string> waitForCertificate() {
    auto const until = std::chrono::steady_clock::now() + wish_.longest;
    for (;;) {
      auto const request = current();
      if (auto const* status = kube::objectOf(request, "status")) {
        auto const pem = kube::decodeBase64(kube::textOf(*status, "certificate"));
        if (pem && !pem->empty()) return std::string(pem->reveal());
        refuseIfDenied(*status);
      }
      if (std::chrono::steady_clock::now() >= until) return std::nullopt;
      std::this_thread::sleep_for(500ms);
    }
  }

  void refuseIfDenied(json::object const& status) {
    auto const* conditions = kube::arrayOf(status, "conditions");
    if (conditions == nullptr) return;
    for (auto const& each : *conditions) {
      auto const type = each.is_object() ? kube::textOf(each.get_object(), "type") : "";
      if (type != "Denied" && type != "Failed") continue;
      ::unlink(pendingFile().c_str());
      throw ClusterError("the request " + name_ + " was " +
                         (type == "Denied" ? "denied" : "not signed") + ": " +
                         std::string(kube::textOf(each.get_object(), "message")));
    }
  }

  [[nodiscard]] int waiting() const {
    std::fprintf(stderr,
                 "kms-secretctl: the request %s has no certificate yet: approve it by kubectl "
                 "certificate approve %s, then give the same command again\n",
                 name_.c_str(), name_.c_str());
    return exitNotWell;
  }

  LoginWish const& wish_;
  ClusterClient& cluster_;
  std::string directory_;
  sdk::SecretBytes key_{};
  std::string name_{};
};

/// A ServiceAccount and its first token; the daemon renews it.
class TokenLogin {
 public:
  TokenLogin(LoginWish const& wish, ClusterClient& cluster)
      : wish_(wish),
        cluster_(cluster),
        directory_(wish.directory.empty() ? "/var/lib/kms-secretd" : wish.directory),
        namespace_(wish.account.substr(0, wish.account.find('/'))),
        account_(wish.account.substr(wish.account.find('/') + 1)) {}

  int run() {
    create("/api/v1/namespaces", "Namespace", {{"name", namespace_}}, "namespaces");
    create("/api/v1/namespaces/" + kube::escaped(namespace_) + "/serviceaccounts", "ServiceAccount",
           {{"name", account_}, {"namespace", namespace_}}, "serviceaccounts");
    auto const path = directory_ + "/token";
    writeToken(path);
    writeKubeconfig(wish_, cluster_, {.tokenFile = path});
    say(wish_.out + " logs in as ServiceAccount " + wish_.account + " by " + path +
        ", which the daemon renews");
    sayNext();
    return exitGood;
  }

 private:
  void create(std::string const& path, char const* kind, json::object metadata,
              char const* resource) {
    static_cast<void>(cluster_.send(
        {.method = "POST",
         .path = path,
         .body = json::object{{"apiVersion", "v1"}, {"kind", kind}, {"metadata", metadata}},
         .asked = {.verb = "create", .resource = resource, .name = textOf(metadata, "name")}},
        {conflict}));
  }

  void writeToken(std::string const& path) {
    auto const reply =
        cluster_.ask({.method = "POST",
                      .path = "/api/v1/namespaces/" + kube::escaped(namespace_) +
                              "/serviceaccounts/" + kube::escaped(account_) + "/token",
                      .body = json::object{{"apiVersion", "authentication.k8s.io/v1"},
                                           {"kind", "TokenRequest"},
                                           {"spec", json::object{{"expirationSeconds", week}}}},
                      .asked = {.verb = "create",
                                .resource = "serviceaccounts/token",
                                .namespaceName = namespace_,
                                .name = account_}});
    auto const* status = kube::objectOf(reply, "status");
    auto const token = status == nullptr ? std::string_view() : kube::textOf(*status, "token");
    if (token.empty()) throw ClusterError("the API server answered a TokenRequest without a token");
    writeForDaemon(path, token);
  }

  LoginWish const& wish_;
  ClusterClient& cluster_;
  std::string directory_;
  std::string namespace_;
  std::string account_;
};

}  // namespace

int makeLogin(LoginWish const& wish) {
  ClusterClient cluster(wish.admin, wish.context);
  if (wish.way == "certificate") return CertificateLogin(wish, cluster).run();
  return TokenLogin(wish, cluster).run();
}

}  // namespace kms_secretd::ctl

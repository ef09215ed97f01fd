// SPDX-License-Identifier: Apache-2.0
#include "fakes/kube_double/kube_double.hpp"

#include <Poco/Exception.h>
#include <Poco/Net/Context.h>
#include <Poco/Net/HTTPServer.h>
#include <Poco/Net/HTTPServerParams.h>
#include <Poco/Net/SecureServerSocket.h>
#include <Poco/Net/ServerSocket.h>
#include <Poco/ThreadPool.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <stdexcept>

#include "fakes/kube_double/serving.hpp"
#include "fakes/test_certificates.hpp"

namespace kms_secretd::fakes::kube {
namespace {

namespace fs = std::filesystem;

constexpr int maxThreads = 128;

std::string ownDirectory() {
  auto path = (fs::temp_directory_path() / "kube-double-XXXXXX").string();
  if (::mkdtemp(path.data()) == nullptr) throw std::runtime_error("cannot make " + path);
  return path;
}

void writePrivate(fs::path const& path, std::string const& text) {
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  fs::permissions(path, fs::perms::owner_read | fs::perms::owner_write);
  file << text;
  if (!file.flush()) throw std::runtime_error("cannot write " + path.string());
}

/// Keys and certificates, as far as the double serves TLS.
struct Identities {
  TestAuthority authority{"kube-api-double CA"};
  TestIdentity server = authority.issue(
      {.commonName = "kube-api-double", .hosts = {"127.0.0.1", "localhost", "::1"}});
  TestIdentity admin = authority.issue({.commonName = "admin"});
};

Poco::Net::Context::Ptr contextOf(fs::path const& directory, Identities const& identities) {
  writePrivate(directory / "server.key", identities.server.keyPem);
  writePrivate(directory / "server.crt", identities.server.certificatePem);
  writePrivate(directory / "ca.crt", identities.authority.certificatePem());
  Poco::Net::Context::Ptr context = new Poco::Net::Context(
      Poco::Net::Context::TLS_SERVER_USE, (directory / "server.key").string(),
      (directory / "server.crt").string(), (directory / "ca.crt").string(),
      Poco::Net::Context::VERIFY_RELAXED, 9, false);
  // Without a name for its sessions OpenSSL refuses to resume one where it asks for certificates.
  context->enableSessionCache(true, "kube-api-double");
  return context;
}

std::string kubeconfigText(std::string const& cluster, std::string const& user) {
  return "apiVersion: v1\nkind: Config\ncurrent-context: double\nclusters:\n- name: double\n"
         "  cluster:\n" +
         cluster + "users:\n- name: user\n  user:\n" + user +
         "contexts:\n- name: double\n  context:\n    cluster: double\n    user: user\n";
}

}  // namespace

struct KubeDouble::State {
  explicit State(KubeDoubleOptions const& options)
      : ownsDirectory(options.directory.empty()),
        directory(ownsDirectory ? ownDirectory() : options.directory),
        plainHttp(options.plainHttp) {
    Poco::Net::SocketAddress const address("127.0.0.1", options.port);
    if (plainHttp) {
      socket = Poco::Net::ServerSocket(address);
    } else {
      identities = std::make_unique<Identities>();
      // Poco's sockets are handles: what is sliced off calls the implementation that is kept.
      // NOLINTNEXTLINE(cppcoreguidelines-slicing)
      socket = Poco::Net::SecureServerSocket(address, 64, contextOf(directory, *identities));
    }
    Poco::Net::HTTPServerParams::Ptr params = new Poco::Net::HTTPServerParams;
    params->setMaxThreads(maxThreads);
    params->setMaxQueued(1024);
    params->setKeepAliveTimeout(Poco::Timespan(60, 0));
    server = std::make_unique<Poco::Net::HTTPServer>(new HandlerFactory(served), threads, socket,
                                                     params);
    server->start();
  }
  ~State() {
    served.stopping = true;
    served.store.stop();
    server->stopAll(true);
    threads.joinAll();
    if (ownsDirectory) {
      std::error_code ignored;
      fs::remove_all(directory, ignored);
    }
  }

  [[nodiscard]] std::string url() const {
    return (plainHttp ? "http://127.0.0.1:" : "https://127.0.0.1:") +
           std::to_string(socket.address().port());
  }
  [[nodiscard]] std::string writeKubeconfig(std::string const& name, std::string const& user) {
    std::string cluster = "    server: " + url() + "\n";
    if (!plainHttp) {
      cluster += "    certificate-authority-data: " +
                 encodeBase64(identities->authority.certificatePem()) + "\n";
    }
    auto const path = directory / (name + ".kubeconfig");
    writePrivate(path, kubeconfigText(cluster, user));
    return path.string();
  }

  bool ownsDirectory;
  fs::path directory;
  bool plainHttp;
  std::unique_ptr<Identities> identities{};
  Served served{};
  Poco::ThreadPool threads{2, maxThreads};
  Poco::Net::ServerSocket socket{};
  std::unique_ptr<Poco::Net::HTTPServer> server{};
  std::string adminKubeconfig{};
};

KubeDouble::KubeDouble(KubeDoubleOptions const& options) try
    : state_(std::make_unique<State>(options)) {
  if (state_->plainHttp) {
    state_->served.access.addToken("double-admin", "admin");
    state_->adminKubeconfig = state_->writeKubeconfig("admin", "    token: double-admin\n");
    return;
  }
  auto const& admin = state_->identities->admin;
  state_->adminKubeconfig = state_->writeKubeconfig(
      "admin", "    client-certificate-data: " + encodeBase64(admin.certificatePem) +
                   "\n    client-key-data: " + encodeBase64(admin.keyPem) + "\n");
} catch (Poco::Exception const& error) {
  throw std::runtime_error("the Kubernetes API double cannot serve: " + error.displayText());
}

KubeDouble::~KubeDouble() = default;

std::string KubeDouble::server() const { return state_->url(); }

std::string KubeDouble::kubeconfig() const { return state_->adminKubeconfig; }

std::string KubeDouble::kubeconfigFor(std::string const& user, std::string const& token) {
  state_->served.access.addToken(token, user);
  return state_->writeKubeconfig(user, "    token: " + token + "\n");
}

Store& KubeDouble::store() { return state_->served.store; }

Access& KubeDouble::access() { return state_->served.access; }

Faults& KubeDouble::faults() { return state_->served.faults; }

std::vector<LoggedRequest> KubeDouble::requests() const {
  std::scoped_lock const lock(state_->served.logMutex);
  return state_->served.log;
}

void KubeDouble::forgetRequests() {
  std::scoped_lock const lock(state_->served.logMutex);
  state_->served.log.clear();
}

}  // namespace kms_secretd::fakes::kube

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdlib>
#include <filesystem>
#include <memory>
#include <stdexcept>
#include <string>

#include "client.hpp"
#include "emulator/emulator.hpp"
#include "signed_request.hpp"

namespace kms_secretd::emulator::test {

/// A directory that goes away with the object.
class TempDir {
 public:
  TempDir() {
    std::string pattern = (std::filesystem::temp_directory_path() / "emulator-XXXXXX").string();
    if (::mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("no temporary directory");
    path_ = pattern;
  }
  ~TempDir() { std::filesystem::remove_all(path_); }
  TempDir(const TempDir&) = delete;
  TempDir& operator=(const TempDir&) = delete;
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

/// An emulator in this process with one access key and the secret `app/db` = "s3cret".
class RunningEmulator {
 public:
  RunningEmulator() : emulator_(options(dir_)) {
    world().keyring.with([](Keyring& keys) {
      AccessKey key;
      key.id = V3Request{}.keyId;
      key.secret = V3Request{}.secret;
      keys.put(key);
    });
    control("POST", "/secrets", R"({"name":"app/db","version_id":"v1","data":"s3cret"})");
  }

  World& world() { return emulator_.world(); }
  Emulator& emulator() { return emulator_; }

  /// A TLS client after its handshake; null if that failed.
  std::unique_ptr<Client> connect(SSL_SESSION* session = nullptr) {
    auto client = std::make_unique<Client>(emulator_.kmsPort());
    return client->startTls(emulator_.caFile(), session) ? std::move(client) : nullptr;
  }

  /// Wire text of a good GetSecretValue of app/db.
  static std::string goodRequest() {
    V3Request request;
    request.params = {{"SecretName", "app/db"}};
    return request.wire();
  }

  /// The reply of one good request on a new connection.
  std::string fetch() {
    const auto client = connect();
    if (!client) return "";
    client->send(goodRequest());
    return client->reply();
  }

  /// A control call; the whole reply.
  std::string control(const std::string& method, const std::string& path,
                      const std::string& body = "") {
    Client client(emulator_.controlPort());
    client.send(method + ' ' + path + " HTTP/1.1\r\nHost: localhost\r\nContent-Length: " +
                std::to_string(body.size()) + "\r\n\r\n" + body);
    return client.reply();
  }

  void fault(const std::string& json) {
    const std::string reply = control("POST", "/faults", json);
    if (statusOf(reply) != 200) throw std::runtime_error(reply);
  }

 private:
  static Options options(const TempDir& dir) {
    Options out;
    out.stateDir = dir.path();
    return out;
  }

  TempDir dir_;
  Emulator emulator_;
};

}  // namespace kms_secretd::emulator::test

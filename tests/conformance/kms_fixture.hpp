// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <openssl/evp.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "conformance/fixture.hpp"
#include "conformance/loaded_backend.hpp"
#include "conformance/real_host.hpp"
#include "conformance/temporary_directory.hpp"
#include "emulator/emulator.hpp"
#include "emulator/instance/key_maker.hpp"

// What the fixtures of the KMS backends share: the emulator, which verifies every signature, and
// the daemon's own transport.

namespace kms_secretd::conformance {

inline constexpr char const* account = "1234567890123456";

inline std::string base64(std::string const& bytes) {
  std::string text((bytes.size() + 2) / 3 * 4 + 1, '\0');
  auto const length = ::EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()),
                                        reinterpret_cast<unsigned char const*>(bytes.data()),
                                        static_cast<int>(bytes.size()));
  text.resize(static_cast<std::size_t>(length));
  return text;
}

inline sdk::OptionValue inlineText(std::string text) {
  return sdk::OptionValue(
      sdk::SecretRef{.kind = sdk::SecretRef::Kind::inline_text, .value = std::move(text)});
}

inline void must(emulator::Refusal const& refusal) {
  if (refusal) throw std::logic_error("the emulator refuses the fixture: " + refusal->message);
}

/// An emulator of the test's own, in this process.
class Kms {
 public:
  /// With `privateCa` its certificate has an intermediate, as an instance's has.
  explicit Kms(bool privateCa) : emulator_(optionsOf(directory_, privateCa)) {}
  [[nodiscard]] emulator::Emulator& operator*() noexcept { return emulator_; }
  [[nodiscard]] emulator::Emulator* operator->() noexcept { return &emulator_; }

  /// The options of an access key that the emulator knows from now on.
  [[nodiscard]] GivenOptions byAccessKey(std::string const& id) {
    emulator_.world().keyring.with([&](emulator::Keyring& keys) {
      emulator::AccessKey key;
      key.id = id;
      key.secret = "conformance-key-secret";
      key.account = account;
      keys.put(key);
    });
    sdk::Options auth;
    auth.set("type", sdk::OptionValue(std::string("access_key")));
    auth.set("id", inlineText(id));
    auth.set("secret", inlineText("conformance-key-secret"));
    auto options = endpoint();
    options.emplace_back("auth", sdk::OptionValue(std::vector<sdk::Options>{std::move(auth)}));
    return options;
  }

  /// The options of a client key that the emulator makes.
  [[nodiscard]] GivenOptions byClientKey(std::string const& id) {
    auto const made = emulator::makeClientKey({.id = id});
    emulator_.world().clientKeys.with([&](emulator::ClientKeys& keys) {
      emulator::ClientKey key;
      key.id = id;
      key.certificatePem = made.certificatePem;
      key.account = account;
      key.notAfter = emulator::KeyOrder{}.notAfter;
      keys.put(key);
    });
    auto options = endpoint();
    options.emplace_back("client_key", inlineText(made.json));
    options.emplace_back("client_key_password", inlineText(made.password));
    return options;
  }

 private:
  static emulator::Options optionsOf(TemporaryDirectory const& directory, bool privateCa) {
    emulator::Options options;
    options.stateDir = directory.path();
    options.identity.privateCa = privateCa;
    return options;
  }

  [[nodiscard]] GivenOptions endpoint() {
    return {{"endpoint", sdk::OptionValue("127.0.0.1:" + std::to_string(emulator_.kmsPort()))},
            {"custom_endpoint", sdk::OptionValue(true)},
            {"ca_file", sdk::OptionValue(emulator_.caFile().string())}};
  }

  TemporaryDirectory directory_;
  emulator::Emulator emulator_;
};

/// The conformance suite's store behind a KMS backend, whatever its login.
class KmsFixture : public Fixture {
 public:
  /// KMS keeps no empty values.
  [[nodiscard]] Abilities abilities() const override { return {.emptyValues = false}; }
  [[nodiscard]] sdk::Backend& backend() override { return loaded().backend(); }
  [[nodiscard]] backends::PluginLibrary const& plugin() const override { return loaded().plugin(); }
  [[nodiscard]] sdk::Clock const& clock() const override { return host_.clock(); }
  void remake() override { loaded().remake(); }

  void put(std::string const& name, std::string const& bytes, sdk::DataType type) override {
    bool const binary = type == sdk::DataType::binary;
    kms_->world().secrets.with([&](emulator::SecretStore& secrets) {
      emulator::SecretRef const ref{account, name};
      if (secrets.find(ref) == nullptr) {
        emulator::Secret secret;
        secret.account = account;
        secret.name = name;
        must(secrets.put(secret));
      }
      emulator::NewVersion version;
      version.id = "v" + std::to_string(++versions_);
      version.data = binary ? base64(bytes) : bytes;
      version.dataType = binary ? "binary" : "text";
      must(secrets.putVersion(ref, version, versions_));
    });
  }
  void remove(std::string const& name) override {
    kms_->world().secrets.with([&](emulator::SecretStore& secrets) {
      must(secrets.remove({account, name}, {}));
    });
  }
  sdk::FailureKind breakAccess(std::string const& name) override {
    kms_->world().secrets.with([&](emulator::SecretStore& secrets) {
      must(secrets.setDenied({account, name}, caller(), true));
    });
    return sdk::FailureKind::permission_denied;
  }
  bool stall(std::string const& name) override {
    emulator::FaultRule rule;
    rule.match.secret = name;
    rule.fault.kind = emulator::FaultKind::blackHole;
    kms_->world().faults.with([&](emulator::FaultBook& faults) { faults.add(rule); });
    return true;
  }
  /// Names that would reach another account, or another call of the service.
  std::vector<std::string> escapes(std::string const& canary) override {
    kms_->world().secrets.with([&](emulator::SecretStore& secrets) {
      emulator::Secret secret;
      secret.account = "9999999999999999";
      secret.name = "outside";
      must(secrets.put(secret));
      emulator::NewVersion version;
      version.data = canary;
      must(secrets.putVersion({secret.account, secret.name}, version, 1));
    });
    return {"outside", "x&SecretName=outside", "outside#", "../9999999999999999/outside"};
  }

 protected:
  /// `caller` is the id that the emulator knows the login by.
  KmsFixture(std::string caller, bool privateCa) : caller_(std::move(caller)), kms_(privateCa) {}
  [[nodiscard]] std::string const& caller() const noexcept { return caller_; }
  [[nodiscard]] Kms& kms() noexcept { return kms_; }
  /// Loads the plugin; in the constructor of the fixture.
  void load(char const* plugin, GivenOptions options) {
    loaded_.emplace(plugin, std::move(options), host_);
  }

 private:
  [[nodiscard]] LoadedBackend& loaded() noexcept { return *loaded_; }
  [[nodiscard]] LoadedBackend const& loaded() const noexcept { return *loaded_; }

  std::string caller_;
  RealHost host_;
  Kms kms_;
  std::int64_t versions_ = 0;
  std::optional<LoadedBackend> loaded_{};
};

}  // namespace kms_secretd::conformance

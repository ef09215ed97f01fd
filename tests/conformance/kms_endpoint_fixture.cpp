// SPDX-License-Identifier: Apache-2.0
#include <openssl/evp.h>

#include <filesystem>
#include <memory>
#include <stdexcept>
#include <string>

#include <kms-secretd/host.hpp>

#include "conformance/fixture.hpp"
#include "conformance/loaded_backend.hpp"
#include "conformance/temporary_directory.hpp"
#include "emulator/emulator.hpp"
#include "platform/clock.hpp"
#include "platform/secret_source.hpp"
#include "platform/stop.hpp"
#include "platform/transport_factory.hpp"

// The conformance suite over plugins/kms-endpoint: the plugin as it is shipped, the daemon's own
// transport, and the emulator, which verifies every signature.

namespace kms_secretd::conformance {

namespace {

constexpr char const* keyId = "LTAIconformance";
constexpr char const* keySecret = "conformance-key-secret";
constexpr char const* account = "1234567890123456";

/// What the daemon offers a backend, without a daemon.
class RealHost final : public sdk::Host {
 public:
  sdk::Result<std::unique_ptr<sdk::Transport>> openTransport(
      sdk::TransportSpec const& spec) noexcept override {
    auto opened = factory_.open(spec);
    if (!opened.ok()) return std::move(opened.failure());
    return std::unique_ptr<sdk::Transport>(std::move(opened).value());
  }
  sdk::Result<std::unique_ptr<sdk::SecretSource>> openSecretSource(
      sdk::SecretRef const& ref) noexcept override {
    return platform::openSecretSource(ref);
  }
  sdk::Result<sdk::ServiceAccountToken> serviceAccountToken(
      sdk::ServiceAccountTokenRequest const& /*request*/) noexcept override {
    return sdk::Failure{.kind = sdk::FailureKind::unavailable, .message = "no cluster here"};
  }
  [[nodiscard]] sdk::Clock const& clock() const noexcept override { return clock_; }
  [[nodiscard]] std::string userAgent() const override { return "kms-secretd/conformance"; }

 private:
  platform::SystemClock clock_;
  platform::StopSignal stop_;
  platform::TransportFactory factory_{clock_, stop_};
};

std::string base64(std::string const& bytes) {
  std::string text((bytes.size() + 2) / 3 * 4 + 1, '\0');
  auto const length = ::EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()),
                                        reinterpret_cast<unsigned char const*>(bytes.data()),
                                        static_cast<int>(bytes.size()));
  text.resize(static_cast<std::size_t>(length));
  return text;
}

sdk::OptionValue inlineText(std::string text) {
  return sdk::OptionValue(
      sdk::SecretRef{.kind = sdk::SecretRef::Kind::inline_text, .value = std::move(text)});
}

emulator::Options optionsOf(TemporaryDirectory const& directory) {
  emulator::Options options;
  options.stateDir = directory.path();
  return options;
}

void must(emulator::Refusal const& refusal) {
  if (refusal) throw std::logic_error("the emulator refuses the fixture: " + refusal->message);
}

class KmsEndpointFixture final : public Fixture {
 public:
  KmsEndpointFixture() {
    kms_.world().keyring.with([](emulator::Keyring& keys) {
      emulator::AccessKey key;
      key.id = keyId;
      key.secret = keySecret;
      key.account = account;
      keys.put(key);
    });
  }

  /// KMS keeps no empty values.
  [[nodiscard]] Abilities abilities() const override { return {.emptyValues = false}; }
  [[nodiscard]] sdk::Backend& backend() override { return loaded_.backend(); }
  [[nodiscard]] backends::PluginLibrary const& plugin() const override { return loaded_.plugin(); }
  [[nodiscard]] sdk::Clock const& clock() const override { return host_.clock(); }
  void remake() override { loaded_.remake(); }

  void put(std::string const& name, std::string const& bytes, sdk::DataType type) override {
    bool const binary = type == sdk::DataType::binary;
    kms_.world().secrets.with([&](emulator::SecretStore& secrets) {
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
    kms_.world().secrets.with([&](emulator::SecretStore& secrets) {
      must(secrets.remove({account, name}, {}));
    });
  }
  sdk::FailureKind breakAccess(std::string const& name) override {
    kms_.world().secrets.with([&](emulator::SecretStore& secrets) {
      must(secrets.setDenied({account, name}, keyId, true));
    });
    return sdk::FailureKind::permission_denied;
  }
  bool stall(std::string const& name) override {
    emulator::FaultRule rule;
    rule.match.secret = name;
    rule.fault.kind = emulator::FaultKind::blackHole;
    kms_.world().faults.with([&](emulator::FaultBook& faults) { faults.add(rule); });
    return true;
  }
  /// Names that would reach another account, or another call of the service.
  std::vector<std::string> escapes(std::string const& canary) override {
    kms_.world().secrets.with([&](emulator::SecretStore& secrets) {
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

 private:
  GivenOptions options() {
    sdk::Options auth;
    auth.set("type", sdk::OptionValue(std::string("access_key")));
    auth.set("id", inlineText(keyId));
    auth.set("secret", inlineText(keySecret));
    return {{"endpoint", sdk::OptionValue("127.0.0.1:" + std::to_string(kms_.kmsPort()))},
            {"custom_endpoint", sdk::OptionValue(true)},
            {"ca_file", sdk::OptionValue(kms_.caFile().string())},
            {"auth", sdk::OptionValue(std::vector<sdk::Options>{std::move(auth)})}};
  }

  RealHost host_;
  TemporaryDirectory state_;
  emulator::Emulator kms_{optionsOf(state_)};
  std::int64_t versions_ = 0;
  LoadedBackend loaded_{KMS_SECRETD_KMS_ENDPOINT_PLUGIN, options(), host_};
};

}  // namespace

std::unique_ptr<Fixture> makeFixture() { return std::make_unique<KmsEndpointFixture>(); }

}  // namespace kms_secretd::conformance

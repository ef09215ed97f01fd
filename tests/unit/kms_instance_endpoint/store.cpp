// SPDX-License-Identifier: Apache-2.0
#include "store.hpp"

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include <kms-secretd/plugin.hpp>

#include "vectors.hpp"

namespace kms_secretd::kms_instance_endpoint {

using namespace std::chrono_literals;

sdk::OptionValue fileOption(std::string path) {
  return sdk::OptionValue(sdk::SecretRef{.value = std::move(path)});
}

sdk::OptionValue textOption(std::string text) { return sdk::OptionValue(std::move(text)); }

namespace {

sdk::Options optionsWithoutKey() {
  sdk::Options options;
  options.set("instance_id", textOption("kst-hzz0000000000test"));
  options.set("custom_endpoint", sdk::OptionValue(false));
  options.set("protocol", textOption("https"));
  options.set("present_client_certificate", sdk::OptionValue(false));
  options.set("connect_timeout", sdk::OptionValue(sdk::Milliseconds(5s)));
  options.set("request_timeout", sdk::OptionValue(sdk::Milliseconds(10s)));
  return options;
}

}  // namespace

sdk::Options storeOptions() {
  auto options = optionsWithoutKey();
  options.set("client_key", fileOption("key"));
  options.set("client_key_password", fileOption("password"));
  return options;
}

sdk::Options pemStoreOptions() {
  auto options = optionsWithoutKey();
  options.set("private_key", fileOption("pem"));
  options.set("key_id", textOption("KAAP.pem"));
  return options;
}

std::string textField(int number, std::string const& value) {
  return std::string(1, static_cast<char>(number << 3 | 2)) + static_cast<char>(value.size()) +
         value;
}

std::string replyBody(std::string const& more) {
  return textField(1, "app/db") + textField(2, "Generic") + textField(3, "value") +
         textField(4, "text") + textField(5, "ACSCurrent") + textField(6, "v1") +
         textField(8, "r-1") + more;
}

std::string errorBody(std::string const& code, std::string const& text) {
  return std::string("\x08\x90\x03") + textField(2, code) + textField(3, text) +
         textField(4, "r-refused");
}

Store::Store() {
  std::string pattern = (std::filesystem::temp_directory_path() / "instance-test-XXXXXX").string();
  directory_ = ::mkdtemp(pattern.data());
  std::ofstream(caFile()) << "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
  options.set("ca_file", textOption(caFile()));
  host.source("key").set(keyPart("client_key_json_legacy_rc2"));
  host.source("password").set(std::string(keyPassword) + '\n');
}

Store::~Store() { std::filesystem::remove_all(directory_); }

sdk::FetchRequest Store::request() {
  return {.name = "app/db", .deadline = host.clock().boot() + 1h};
}

KmsInstanceEndpoint& Store::backend() {
  if (!backend_) backend_ = std::make_unique<KmsInstanceEndpoint>(options, host);
  return *backend_;
}

sdk::Result<sdk::FetchedSecret> Store::fetch(sdk::FetchRequest const& wanted) {
  return backend().fetch(wanted);
}

void Store::refuse(int status, std::string const& code, std::string const& text) {
  gateway().reply(
      {.status = status, .body = errorBody(code, text), .headers = {{"Date", hostsDate}}});
}

void Store::succeed() { gateway().reply({.body = replyBody(), .headers = {{"Date", hostsDate}}}); }

std::string Store::refusal() {
  sdk::CreateOutcome outcome;
  sdk::createBackend<KmsInstanceEndpoint>(options, host, outcome);
  if (outcome.backend == nullptr) return outcome.option + ": " + outcome.message;
  sdk::destroyBackend<KmsInstanceEndpoint>(outcome.backend);
  return "(accepted)";
}

bool leaks(std::string const& text) {
  auto const file = keyPart("client_key_json_legacy_rc2");
  auto const data = file.substr(file.find("MII"), 40);
  for (std::string const& part :
       {std::string(keyPassword), data, std::string("Bearer"), std::string("PRIVATE KEY")}) {
    if (text.find(part) != std::string::npos) return true;
  }
  return false;
}

}  // namespace kms_secretd::kms_instance_endpoint

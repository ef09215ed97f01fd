// SPDX-License-Identifier: Apache-2.0
#include "transform/builders.hpp"

#include <algorithm>
#include <array>
#include <ctime>
#include <map>
#include <optional>
#include <utility>

#include "core/secret_types.hpp"
#include "platform/x509.hpp"
#include "transform/document.hpp"
#include "transform/encoding.hpp"
#include "transform/json_text.hpp"
#include "transform/utf8.hpp"

namespace kms_secretd::transform {
namespace {

using core::BuildEntry;
using core::RenderFailure;

std::string shown(std::string const& text) {
  std::string quoted("'");
  return quoted.append(text, 0, 120).append("'");
}

// "2027-01-31T12:00:00Z".
std::string dateText(sdk::WallTime time) {
  auto const seconds = std::chrono::duration_cast<std::chrono::seconds>(time.time_since_epoch());
  std::time_t const stamp = seconds.count();
  std::tm parts{};
  std::array<char, 32> text{};
  ::gmtime_r(&stamp, &parts);
  std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%SZ", &parts);
  return text.data();
}

core::RenderedKey key(char const* name, std::string_view bytes) {
  return {.key = name, .value = sdk::SecretBytes(bytes)};
}

class Builder {
 public:
  Builder(core::TargetDefinition const& definition, TemplateValues const& values)
      : definition_(definition), values_(values) {}

  // Throws RenderFailure: the outermost function returns it.
  Built run() {
    auto const& type = definition_.type;
    if (type == core::dockerConfigType) return dockerConfig();
    for (auto const& entry : definition_.builds) {
      if (type == core::tlsType) tls(entry);
      if (type == core::basicAuthType) basicAuth(entry);
      if (type == core::sshAuthType) sshAuth(entry);
    }
    return std::move(built_);
  }

 private:
  [[noreturn]] static void fail(BuildEntry const& entry, std::string const& why) {
    throw RenderFailure{why + " (" + entry.origin.text() + ")"};
  }

  std::string_view valueOf(BuildEntry const& entry, std::string const& name) const {
    auto const at = values_.find(name);
    if (at == values_.end()) fail(entry, "there is no value named " + shown(name));
    return at->second;
  }

  std::string_view textOf(BuildEntry const& entry, std::string const& name) const {
    auto const value = valueOf(entry, name);
    if (!isUtf8(value)) fail(entry, "the value " + shown(name) + " is no UTF-8 text");
    return value;
  }

  static void member(std::string& json, std::string_view name, std::string_view text) {
    appendJsonString(json, name);
    json += ':';
    appendJsonString(json, text);
  }

  // The order of registries in the configuration decides nothing, so they are sorted.
  Built dockerConfig() {
    std::map<std::string, std::string> registries;
    for (auto const& entry : definition_.builds) {
      auto const isNew = registries.emplace(entry.registry, login(entry)).second;
      if (!isNew) fail(entry, "registry " + shown(entry.registry) + " stands here a second time");
    }
    std::string json = "{\"auths\":{";
    for (auto const& [registry, text] : registries) {
      if (json.back() != '{') json += ',';
      appendJsonString(json, registry);
      json.append(":").append(text);
    }
    json += "}}";
    built_.keys.push_back(key(".dockerconfigjson", json));
    return std::move(built_);
  }

  std::string login(BuildEntry const& entry) const {
    auto const user = textOf(entry, entry.username);
    auto const password = textOf(entry, entry.password);
    if (user.empty() || user.find(':') != std::string_view::npos) {
      fail(entry, "the value " + shown(entry.username) +
                      " is no user of a registry: it is empty or holds a ':'");
    }
    std::string json = "{";
    member(json, "username", user);
    json += ',';
    member(json, "password", password);
    if (!entry.email.empty()) {
      json += ',';
      member(json, "email", textOf(entry, entry.email));
    }
    std::string pair(user);
    pair.append(":").append(password);
    json += ',';
    member(json, "auth", encoded(core::Encoding::base64, pair));
    return json + '}';
  }

  void tls(BuildEntry const& entry) {
    std::string certificates(valueOf(entry, entry.certificate));
    if (!entry.chain.empty()) {
      if (!certificates.ends_with('\n')) certificates += '\n';
      certificates += valueOf(entry, entry.chain);
    }
    auto const privateKey = valueOf(entry, entry.privateKey);
    auto const matches = platform::keyMatchesCertificate(certificates, privateKey);
    if (!matches) fail(entry, matches.failure().message);
    if (!matches.value()) fail(entry, "the private key does not belong to the certificate");
    auto const broken = platform::brokenChainLink(certificates);
    if (!broken) fail(entry, broken.failure().message);
    if (broken.value() != 0) {
      auto const number = broken.value();
      fail(entry, "the chain is broken or in another order: certificate " + std::to_string(number) +
                      " was not issued by certificate " + std::to_string(number + 1));
    }
    auto const end = platform::certificateExpiry(certificates);
    if (end) built_.notes.push_back("the certificate in tls.crt ends " + dateText(end.value()));
    built_.keys.push_back(key("tls.crt", certificates));
    built_.keys.push_back(key("tls.key", privateKey));
  }

  void basicAuth(BuildEntry const& entry) {
    if (!entry.username.empty()) {
      built_.keys.push_back(key("username", valueOf(entry, entry.username)));
    }
    if (!entry.password.empty()) {
      built_.keys.push_back(key("password", valueOf(entry, entry.password)));
    }
    if (built_.keys.empty()) fail(entry, "neither username nor password is named");
  }

  void sshAuth(BuildEntry const& entry) {
    auto const privateKey = valueOf(entry, entry.privateKey);
    bool const begins = privateKey.starts_with("-----BEGIN ") &&
                        privateKey.substr(0, privateKey.find('\n')).find("PRIVATE KEY-----") !=
                            std::string_view::npos;
    bool const ends = privateKey.find("\n-----END ") != std::string_view::npos;
    if (!begins || !ends) {
      fail(entry, "the value " + shown(entry.privateKey) +
                      " is no private key: it does not run from a -----BEGIN ... PRIVATE KEY-----"
                      " line to an -----END line");
    }
    built_.keys.push_back(key("ssh-privatekey", privateKey));
  }

  core::TargetDefinition const& definition_;
  TemplateValues const& values_;
  Built built_{};
};

bool isJsonObject(std::string_view text) {
  auto const read = readJson(text);
  auto const* value = std::get_if<Value>(&read);
  return value != nullptr && value->is(Kind::object);
}

}  // namespace

std::variant<Built, RenderFailure> build(core::TargetDefinition const& definition,
                                         TemplateValues const& values) {
  try {
    return Builder(definition, values).run();
  } catch (RenderFailure& failure) {
    return std::move(failure);
  }
}

std::string typeFault(core::TargetDefinition const& definition,
                      std::vector<core::RenderedKey> const& keys) {
  if (definition.creation == core::CreationPolicy::merge) return {};
  auto const find = [&](std::string const& name) {
    return std::ranges::find(keys, name, &core::RenderedKey::key);
  };
  for (auto const& group : core::requiredKeys(definition.type)) {
    auto const present = [&](std::string const& name) { return find(name) != keys.end(); };
    if (std::ranges::any_of(group, present)) continue;
    return "a Secret of type " + definition.type + " needs the key '" + group.front() +
           "', and nothing makes it (" + definition.origin.text() + ")";
  }
  auto const config = find(".dockerconfigjson");
  if (definition.type != core::dockerConfigType || config == keys.end()) return {};
  if (isJsonObject(config->value.reveal())) return {};
  return "key '.dockerconfigjson' is no JSON object, which its type demands (" +
         definition.origin.text() + ")";
}

}  // namespace kms_secretd::transform

// SPDX-License-Identifier: Apache-2.0
// SecretStores, and the stores that entries name.
#include <algorithm>

#include "ctl/import_model.hpp"

namespace kms_secretd::ctl {
namespace {

constexpr std::size_t longestName = 63;
constexpr char const* defaultRemark =
    "# auth: the operator used its environment or the worker's role here; see configuration.md";

std::string storeName(std::string text) {
  std::ranges::replace_if(
      text,
      [](char c) {
        auto const plain =
            (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        return !plain && c != '-' && c != '_';
      },
      '-');
  return text.substr(0, longestName);
}

std::string firstLabel(std::string const& endpoint) {
  return endpoint.substr(0, endpoint.find('.'));
}

std::string trimmed(std::string const& text) {
  auto const first = text.find_first_not_of(" \t");
  if (first == std::string::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

std::string secretRef(YAML::Node const& ref, Manifest const& store) {
  auto const given = textIn(ref, "namespace");
  return "key " + textIn(ref, "key") + " of Secret " +
         (given.empty() ? store.namespaceName : given) + "/" + textIn(ref, "name");
}

}  // namespace

void StoreBook::define(Manifest store) {
  auto const cluster = store.kind == "ClusterSecretStore";
  auto const key = (cluster ? "" : store.namespaceName) + "/" + store.name;
  if (memberOf(store.spec, "OOS")) {
    notes_.add(store, "spec.OOS is not carried over: parameters of OOS are not read");
  }
  if (memberOf(store.spec, "conditions")) {
    notes_.add(store,
               "spec.conditions is not carried over: who may write a definition may name any "
               "store");
  }
  stores_[key] = std::move(store);
}

std::string StoreBook::freeName(std::string const& wanted) {
  auto const base = storeName(wanted);
  auto name = base;
  for (int number = 2; used_.contains(name); ++number) {
    auto const suffix = "-" + std::to_string(number);
    name = base.substr(0, longestName - suffix.size()) + suffix;
  }
  return name;
}

std::string StoreBook::use(YAML::Node const& entry, Manifest const& secret) {
  auto const ref = memberOf(entry, "secretStoreRef");
  auto const endpoint = trimmed(textIn(entry, "kmsEndpoint"));
  auto const given = textIn(ref, "namespace");
  auto const cluster = textIn(ref, "kind") == "ClusterSecretStore";
  auto const place = cluster ? std::string() : given.empty() ? secret.namespaceName : given;
  auto const key = ref ? place + "/" + textIn(ref, "name") : std::string();
  auto const [at, isNew] = names_.try_emplace({key, endpoint});
  if (!isNew) return at->second;
  auto wanted = key.empty() ? std::string("operator") : textIn(ref, "name");
  if (!endpoint.empty()) wanted += "-" + firstLabel(endpoint);
  at->second = freeName(wanted);
  used_[at->second] = {.key = key, .endpoint = endpoint};
  if (!key.empty() && !stores_.contains(key)) {
    notes_.add(secret, "store " + key + " is in none of the files: its auth is left to you");
  }
  return at->second;
}

void StoreBook::write(TomlWriter& out) {
  for (auto const& [name, used] : used_) writeStore(out, name, used);
}

void StoreBook::writeStore(TomlWriter& out, std::string const& name, Used const& used) {
  out.header("store." + name, false);
  out.text("backend", "kms-endpoint");
  out.text("endpoint", used.endpoint);
  if (used.endpoint.ends_with(".cryptoservice.kms.aliyuncs.com")) {
    out.comment("ca_file: the CA certificate of the instance, from the console; it is required");
  }
  auto const at = stores_.find(used.key);
  if (at == stores_.end()) {
    out.comment(std::string_view(defaultRemark).substr(2));
    return;
  }
  out.comment("was " + at->second.text());
  writeAuth(out, name, at->second);
}

void StoreBook::writeAuth(TomlWriter& out, std::string const& name, Manifest const& store) {
  auto const auth = memberOf(memberOf(store.spec, "KMS"), "KMSAuth");
  if (memberOf(memberOf(store.spec, "KMS"), "dedicatedKMSAuth")) {
    notes_.add(store,
               "dedicatedKMSAuth is not carried over: make it a store of the backend "
               "kms-instance-endpoint, as docs/instance.md shows");
  }
  auto const id = memberOf(auth, "accessKey");
  auto const secret = memberOf(auth, "accessKeySecret");
  for (auto const& other : othersIn(auth, {"accessKey", "accessKeySecret"})) {
    notes_.add(store, other +
                          " is not carried over: write the store's auth by hand, as "
                          "docs/configuration.md shows");
  }
  if (!id || !secret) return out.comment("auth: to be written by hand; see configuration.md");
  auto const directory = "/etc/kms-secretd/" + name + "-access-key-";
  notes_.add(store, "write " + secretRef(id, store) + " into " + directory + "id and " +
                        secretRef(secret, store) + " into " + directory +
                        "secret, both of mode 0640 and group kms-secretd");
  out.raw("auth", R"({ type = "access_key", id = { file = )" + tomlString(directory + "id") +
                      " }, secret = { file = " + tomlString(directory + "secret") + " } }");
}

}  // namespace kms_secretd::ctl

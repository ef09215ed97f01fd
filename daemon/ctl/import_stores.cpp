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
  writeStoreAuth(out, name, at->second);
}

void StoreBook::writeStoreAuth(TomlWriter& out, std::string const& name, Manifest const& store) {
  auto const kms = memberOf(store.spec, "KMS");
  if (memberOf(kms, "dedicatedKMSAuth")) {
    notes_.add(store,
               "dedicatedKMSAuth is not carried over: make it a store of the backend "
               "kms-instance-endpoint, as docs/instance.md shows");
  }
  writeAuth(out,
            {.name = name,
             .endpoint = used_.at(name).endpoint,
             .store = store,
             .auth = memberOf(kms, "KMSAuth"),
             .roles = roles_},
            notes_);
}

}  // namespace kms_secretd::ctl

// SPDX-License-Identifier: Apache-2.0
#include "ctl/import.hpp"

#include "ctl/import_model.hpp"

namespace kms_secretd::ctl {
namespace {

constexpr char const* group = "alibabacloud.com/";
constexpr char const* account = "ServiceAccount";
constexpr char const* preface =
    "Made by kms-secretctl import. Put it into conf.d, check it by kms-secretctl validate, and "
    "stop\n"
    "the operator before the daemon begins (docs/migrate.md): adopt = \"if-equal\" takes a Secret "
    "over\n"
    "only while its keys hold what is read.";

void collect(YAML::Node const& document, std::string const& file, std::vector<Manifest>& all) {
  if (textIn(document, "kind") == "List") {
    for (auto const& item : memberOf(document, "items")) {
      if (textIn(item, "kind") != "List") collect(item, file, all);
    }
    return;
  }
  auto const isAccount = textIn(document, "kind") == account;
  if (!isAccount && !textIn(document, "apiVersion").starts_with(group)) return;
  auto const metadata = memberOf(document, "metadata");
  auto const place = textIn(metadata, "namespace");
  all.push_back({.file = file,
                 .kind = textIn(document, "kind"),
                 .namespaceName = place.empty() ? "default" : place,
                 .name = textIn(metadata, "name"),
                 .spec = isAccount ? document : memberOf(document, "spec")});
}

std::vector<Manifest> readAll(std::vector<ManifestFile> const& files) {
  std::vector<Manifest> all;
  for (auto const& file : files) {
    try {
      for (auto const& document : YAML::LoadAll(file.text)) collect(document, file.name, all);
    } catch (YAML::Exception const& error) {
      throw ImportError(file.name + ":" + std::to_string(error.mark.line + 1) + ":" +
                        std::to_string(error.mark.column + 1) + ": is not YAML: " + error.msg);
    }
  }
  return all;
}

bool isStore(Manifest const& manifest) {
  return manifest.kind == "SecretStore" || manifest.kind == "ClusterSecretStore";
}

}  // namespace

std::string Manifest::text() const {
  auto const cluster = kind.starts_with("Cluster");
  return kind + " " + (cluster ? name : namespaceName + "/" + name);
}

YAML::Node memberOf(YAML::Node const& map, char const* name) {
  if (!map.IsDefined() || !map.IsMap()) return YAML::Node(YAML::NodeType::Undefined);
  auto member = map[name];
  if (!member.IsDefined() || member.IsNull()) return YAML::Node(YAML::NodeType::Undefined);
  return member;
}

std::string textIn(YAML::Node const& map, char const* name) {
  auto const member = memberOf(map, name);
  return member.IsDefined() && member.IsScalar() ? member.Scalar() : std::string();
}

std::vector<std::string> othersIn(YAML::Node const& map, std::set<std::string> const& known) {
  std::vector<std::string> others;
  if (!map.IsDefined() || !map.IsMap()) return others;
  for (auto const& each : map) {
    auto name = each.first.IsScalar() ? each.first.Scalar() : std::string("?");
    if (!known.contains(name)) others.push_back(std::move(name));
  }
  return others;
}

Imported importManifests(std::vector<ManifestFile> const& files) {
  Notes notes;
  StoreBook stores(notes);
  auto const all = readAll(files);
  for (auto const& manifest : all) {
    if (isStore(manifest)) stores.define(manifest);
    if (manifest.kind == account) {
      stores.account(manifest.namespaceName + "/" + manifest.name, roleOf(manifest.spec));
    }
  }
  TomlWriter secrets;
  Imported imported;
  for (auto const& manifest : all) {
    if (manifest.kind == "ExternalSecret") {
      imported.secrets += writeSecret(secrets, manifest, stores, notes) ? 1 : 0;
    } else if (!isStore(manifest) && manifest.kind != account) {
      notes.add(manifest, "is not carried over: write a [[secret]] for each namespace");
    }
  }
  TomlWriter out;
  out.comment(preface);
  stores.write(out);
  imported.stores = stores.used();
  imported.toml = out.written() + secrets.written();
  imported.notes = notes.take();
  return imported;
}

}  // namespace kms_secretd::ctl

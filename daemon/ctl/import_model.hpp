// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <yaml-cpp/yaml.h>

#include "ctl/toml_writer.hpp"

// Pieces of the import: what stands between manifests and TOML.
namespace kms_secretd::ctl {

/// One object of a manifest.
struct Manifest {
  std::string file{};
  std::string kind{};
  std::string namespaceName{};
  std::string name{};
  YAML::Node spec{};

  /// "ExternalSecret shop/db" for notes.
  [[nodiscard]] std::string text() const;
};

/// A scalar member, or empty.
[[nodiscard]] std::string textIn(YAML::Node const& map, char const* name);
/// A member; undefined where there is none, or `map` is no map.
[[nodiscard]] YAML::Node memberOf(YAML::Node const& map, char const* name);
/// The members of `map` that are none of `known`.
[[nodiscard]] std::vector<std::string> othersIn(YAML::Node const& map,
                                                std::set<std::string> const& known);
/// A Go duration ("1h30m", "60s") as ours; nothing where it is none, or no whole number of seconds.
[[nodiscard]] std::optional<std::string> durationIn(std::string_view text);
/// `text` as a regular expression that matches it and nothing else.
[[nodiscard]] std::string quotedPattern(std::string_view text);

/// Collects notes.
class Notes {
 public:
  void add(Manifest const& about, std::string const& what) {
    all_.push_back(about.file + ": " + about.text() + ": " + what);
  }
  [[nodiscard]] std::vector<std::string> take() { return std::move(all_); }

 private:
  std::vector<std::string> all_{};
};

/// Roles by "namespace/name" of the ServiceAccounts that are annotated with one.
using AccountRoles = std::map<std::string, std::string>;

/// What an `auth` is made from.
struct AuthImport {
  std::string name{};      ///< of the store in our configuration
  std::string endpoint{};  ///< of KMS; may be empty
  Manifest const& store;
  YAML::Node auth{};  ///< KMSAuth
  AccountRoles const& roles;
};

/// Writes the store's `auth`, and notes what is left to the admin.
void writeAuth(TomlWriter& out, AuthImport const& import, Notes& notes);
/// The role that a ServiceAccount is annotated with; may be empty.
[[nodiscard]] std::string roleOf(YAML::Node const& serviceAccount);

/// The stores that entries name, made as they are met: one for each store and endpoint.
class StoreBook {
 public:
  explicit StoreBook(Notes& notes) : notes_(notes) {}

  /// A ServiceAccount that may have a role.
  void account(std::string const& id, std::string const& role) { roles_[id] = role; }
  /// A SecretStore or ClusterSecretStore.
  void define(Manifest store);
  /// The name of the store for an entry; makes it if it is new.
  [[nodiscard]] std::string use(YAML::Node const& entry, Manifest const& secret);
  /// Writes the stores that were used.
  void write(TomlWriter& out);
  [[nodiscard]] std::size_t used() const noexcept { return used_.size(); }

 private:
  struct Used {
    std::string key{};       // of stores_; empty: the operator's own credentials
    std::string endpoint{};  // empty: the default
  };
  void writeStore(TomlWriter& out, std::string const& name, Used const& used);
  void writeStoreAuth(TomlWriter& out, std::string const& name, Manifest const& store);
  [[nodiscard]] std::string freeName(std::string const& wanted);

  Notes& notes_;
  std::map<std::string, Manifest> stores_{};  // by "namespace/name"; cluster-wide: "/name"
  AccountRoles roles_{};
  std::map<std::string, Used> used_{};                                  // by our name
  std::map<std::pair<std::string, std::string>, std::string> names_{};  // by key and endpoint
};

/// Writes one ExternalSecret. False if nothing of it could be carried over, which is noted.
[[nodiscard]] bool writeSecret(TomlWriter& out, Manifest const& secret, StoreBook& stores,
                               Notes& notes);

}  // namespace kms_secretd::ctl

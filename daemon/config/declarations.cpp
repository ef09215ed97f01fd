// SPDX-License-Identifier: Apache-2.0
#include "config/declarations.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include "config/declare.hpp"
#include "config/value_declarations.hpp"

namespace kms_secretd::config {

namespace {

using sdk::OptionDeclaration;
using sdk::OptionType;

constexpr char const* observeChoices[] = {"watch", "poll", nullptr};
constexpr char const* modeChoices[] = {"leader", "none", nullptr};
constexpr char const* adoptChoices[] = {"never", "if-equal", "force", nullptr};
constexpr char const* creationChoices[] = {"owner", "merge", nullptr};
constexpr char const* retainChoices[] = {"retain", "delete", nullptr};
constexpr char const* foreignKeyChoices[] = {"keep", "remove", nullptr};

using declare::choice;
using declare::nested;
using declare::optional;
using declare::required;

/// A list of tables that are declared elsewhere.
OptionDeclaration tables(char const* name, Declarations members, char const* help) {
  return {name,           OptionType::table_list,
          false,          nullptr,
          help,           nullptr,
          members.data(), static_cast<std::uint32_t>(members.size())};
}

constexpr std::array polling{
    optional(
        "enabled", OptionType::boolean, "true",
        "poll the stores; with false only new and changed definitions, drift and reloads cause "
        "rounds"),
    optional(
        "interval", OptionType::duration, "120s",
        "how often each secret is read, from 5s to 30d; [defaults] and [[secret]] may differ")};

constexpr std::array kubernetes{
    required("kubeconfig", OptionType::string,
             "absolute path of the kubeconfig file of the cluster to write to"),
    optional("context", OptionType::string, nullptr,
             "context of the kubeconfig; left out: its current-context"),
    choice("observe", "watch", observeChoices,
           "watch: one metadata watch tells of drift; poll: one metadata read in each round"),
    optional("timeout", OptionType::duration, "15s",
             "longest time for one request to the API server, from 1s to 5m"),
    optional("events", OptionType::boolean, "true",
             "write Kubernetes Events about what becomes of its Secrets; needs the right to create "
             "and patch events"),
    optional("qps", OptionType::integer, "0",
             "requests that rounds may send to the API server in a second, from 1 to 10000; 0: as "
             "many as there are, the server's own flow control guards it"),
    optional("burst", OptionType::integer, nullptr,
             "requests that may be sent at once before qps counts, from 1 to 20000; left out: "
             "twice qps")};

constexpr std::array daemon{
    optional("workers", OptionType::integer, "32",
             "rounds that run at once, from 1 to 256; one store or cluster holds at most a quarter "
             "of them"),
    optional("reload_on_change", OptionType::boolean, "false",
             "reload by itself when the configuration's files change, half a second after the last "
             "change"),
    optional("allowed_secret_types", OptionType::list, nullptr,
             "types of Secrets that are refused otherwise: kubernetes.io/service-account-token, "
             "bootstrap.kubernetes.io/token")};

constexpr std::array control{
    optional("socket", OptionType::string, nullptr,
             "absolute path of the unix socket that kms-secretctl talks to; left out: "
             "control.sock in systemd's runtime directory, none where systemd gives none")};

constexpr std::array metrics{
    optional("listen", OptionType::string, nullptr,
             "ADDRESS:PORT on which /metrics, /healthz and /readyz are served, like "
             "127.0.0.1:9469; left out: on the control socket only")};

constexpr std::array highAvailability{
    choice("mode", "leader", modeChoices,
           "leader: of all daemons of this instance the one that holds the Lease works, the others "
           "stand by; none: there is no other daemon of this instance, and no Lease"),
    optional("lease_namespace", OptionType::string, "kube-system",
             "namespace of the Lease kms-secretd-<instance>; the same on every node"),
    optional("lease_duration", OptionType::duration, "15s",
             "how long a leader that fell silent is waited for, from 6s to 5m; it renews the Lease "
             "seven times in that time and stops to work after two thirds of it")};

constexpr std::array deletion{
    optional("approve", OptionType::string, nullptr,
             "the deletion that was held for it would take many Secrets at once and may be carried "
             "out, as the message about it prints it"),
    optional("namespaces", OptionType::list, nullptr,
             "namespaces to look for Secrets whose definition is gone, besides those of the "
             "[[secret]] tables")};

constexpr std::array settings{
    optional("instance", OptionType::string, "default",
             "name of the set of daemons that share these definitions; Secrets of another instance "
             "are left alone"),
    optional("region", OptionType::string, nullptr,
             "region of every store that does not name its own"),
    nested("polling", OptionType::table, false, polling, "when secrets are read"),
    nested("kubernetes", OptionType::table, false, kubernetes,
           "the cluster that is written to, where there is one; beside [cluster.<name>] tables it "
           "is the cluster 'default'"),
    nested("high_availability", OptionType::table, false, highAvailability,
           "several daemons for the same Secrets"),
    nested("deletion", OptionType::table, false, deletion, "Secrets whose definition is gone"),
    nested("daemon", OptionType::table, false, daemon, "the process itself"),
    nested("control", OptionType::table, false, control, "the socket for kms-secretctl"),
    nested("metrics", OptionType::table, false, metrics, "figures for Prometheus")};

constexpr std::array store{
    required("backend", OptionType::string,
             "name of the backend plugin; its own options stand beside this one"),
    optional("requests_per_second", OptionType::integer, "10",
             "reads per second at most, from 1 to 10000"),
    optional("timeout", OptionType::duration, "15s", "longest time for one read, from 1s to 5m"),
    optional("token_cluster", OptionType::string, nullptr,
             "cluster whose ServiceAccounts a login by service_account asks for tokens; left out: "
             "that of [kubernetes], else the first by name")};

constexpr std::array policyExclude{
    optional("stores", OptionType::list, nullptr, "stores that the policy does not speak of"),
    optional("clusters", OptionType::list, nullptr, "clusters that must not be fed"),
    optional("namespaces", OptionType::list, nullptr, "namespaces that must not be fed"),
    optional("names", OptionType::list, nullptr, "names of Secrets that must not be fed"),
    optional("types", OptionType::list, nullptr, "types of Secrets that must not be fed")};

constexpr std::array policy{
    optional("stores", OptionType::list, nullptr,
             "stores that the policy speaks of; left out: all, as for the lists below"),
    optional("clusters", OptionType::list, nullptr, "the only clusters that they may feed"),
    optional("namespaces", OptionType::list, nullptr, "the only namespaces that they may feed"),
    optional("names", OptionType::list, nullptr, "the only names of Secrets that they may feed"),
    optional("types", OptionType::list, nullptr, "the only types of Secrets that they may feed"),
    nested("exclude", OptionType::table, false, policyExclude,
           "what they must not feed though the lists above permit it")};

constexpr std::array defaults{
    optional("namespace", OptionType::string, nullptr, "namespace of the Kubernetes Secrets"),
    optional("namespaces", OptionType::list, nullptr,
             "several namespaces instead of one, each of which gets the Secret"),
    optional("cluster", OptionType::string, nullptr,
             "cluster of the Kubernetes Secrets; may be left out where there is only one, or for "
             "that of [kubernetes]"),
    optional("clusters", OptionType::list, nullptr,
             "several clusters instead of one, each of which gets the Secret"),
    optional("store", OptionType::string, nullptr,
             "store to read from; may be left out where there is only one"),
    optional("version_stage", OptionType::string, "ACSCurrent", "stage of the version to read"),
    optional("interval", OptionType::duration, nullptr,
             "how often to read, from 5s to 30d; left out: [polling] interval"),
    optional("type", OptionType::string, "Opaque",
             "type of the Kubernetes Secrets; types that mint tokens are refused unless [daemon] "
             "allows them"),
    choice("adopt", "never", adoptChoices,
           "what to do with a Secret of that name which is not ours: never touch it, take it over "
           "if our keys are equal in it, or take it over by force"),
    choice("creation_policy", "owner", creationChoices,
           "owner: the Secret is ours; merge: only add our keys to a Secret that others own"),
    optional("recreate", OptionType::boolean, "false",
             "delete and make anew a Secret of ours whose type differs or that is immutable"),
    choice("deletion_policy", "retain", retainChoices,
           "what becomes of the Secret when its definition goes"),
    choice("on_source_missing", "retain", retainChoices,
           "what becomes of keys whose source does not exist in its store: they keep their last "
           "values and the round fails, or they are removed"),
    choice("foreign_keys", "keep", foreignKeyChoices,
           "what becomes of keys that others add to a Secret of ours"),
    optional("immutable", OptionType::boolean, "false",
             "write the Secret immutable: a new value then needs recreate = true"),
    optional("labels", OptionType::table, nullptr, "labels to set"),
    optional("annotations", OptionType::table, nullptr, "annotations to set")};

std::array const secret{
    required("name", OptionType::string, "name of the Kubernetes Secret"),
    optional("namespace", OptionType::string, nullptr, "namespace of the Kubernetes Secret"),
    optional(
        "namespaces", OptionType::list, nullptr,
        "several namespaces instead of one, each of which gets the Secret; one read feeds all"),
    optional("cluster", OptionType::string, nullptr, "cluster of the Kubernetes Secret"),
    optional("clusters", OptionType::list, nullptr,
             "several clusters instead of one, each of which gets the Secret"),
    optional("store", OptionType::string, nullptr, "store to read from"),
    optional("interval", OptionType::duration, nullptr, "how often to read, from 5s to 30d"),
    optional("type", OptionType::string, nullptr, "type of the Kubernetes Secret"),
    choice("adopt", nullptr, adoptChoices,
           "what to do with a Secret of that name which is not ours"),
    choice("creation_policy", nullptr, creationChoices, "own the Secret, or only add keys to it"),
    optional("recreate", OptionType::boolean, nullptr,
             "delete and make anew where type or immutability differ"),
    choice("deletion_policy", nullptr, retainChoices,
           "what becomes of the Secret when its definition goes"),
    choice("on_source_missing", nullptr, retainChoices,
           "what becomes of keys whose source does not exist in its store"),
    choice("foreign_keys", nullptr, foreignKeyChoices, "what becomes of keys that others add"),
    optional("immutable", OptionType::boolean, nullptr, "write the Secret immutable"),
    optional("approve", OptionType::string, nullptr,
             "the change that was held for it would drop most keys at once and may be carried out, "
             "as the message about it prints it"),
    optional("labels", OptionType::table, nullptr, "labels to set, added to those of [defaults]"),
    optional("annotations", OptionType::table, nullptr,
             "annotations to set, added to those of [defaults]"),
    tables("data", dataOptions(), "keys of the Secret, each from one value"),
    tables("data_process", dataProcessOptions(),
           "keys of the Secret from all top-level members of a value"),
    tables("template", templateOptions(), "keys of the Secret written from several values"),
    tables("build", buildOptions(),
           "the keys that the Secret's type demands, put together and checked")};

}  // namespace

Declarations settingsOptions() noexcept { return settings; }
Declarations storeOptions() noexcept { return store; }
Declarations clusterOptions() noexcept { return kubernetes; }
Declarations policyOptions() noexcept { return policy; }
Declarations defaultsOptions() noexcept { return defaults; }
Declarations secretOptions() noexcept { return secret; }

std::vector<std::string> const& tablesReadApart() {
  static std::vector<std::string> const names{"store", "cluster", "policy", "defaults", "secret"};
  return names;
}

OptionDeclaration const* findDeclaration(Declarations declarations,
                                         std::string_view name) noexcept {
  auto const at = std::ranges::find_if(
      declarations, [&](OptionDeclaration const& option) { return name == option.name; });
  return at == declarations.end() ? nullptr : &*at;
}

Declarations membersOf(OptionDeclaration const& declaration) noexcept {
  return {declaration.members, declaration.members == nullptr ? 0 : declaration.memberCount};
}

bool isFreeTable(OptionDeclaration const& declaration) noexcept {
  return declaration.type == OptionType::table && membersOf(declaration).empty();
}

}  // namespace kms_secretd::config

// SPDX-License-Identifier: Apache-2.0
#include "kube/rbac_rules.hpp"

#include <map>
#include <set>
#include <string>
#include <variant>
#include <vector>

#include "core/marks.hpp"
#include "kube/json_write.hpp"

namespace kms_secretd::kube {
namespace {

using NamesByNamespace = std::map<std::string, std::set<std::string>>;

/// What one namespace's Role is for.
struct RoleNeeds {
  std::set<std::string> secrets{};  ///< by name
  bool watch = false;
  bool events = false;
  bool sweep = false;  ///< Secrets whose definition is gone are deleted
};

NamesByNamespace namesOf(core::Config const& config) {
  NamesByNamespace names;
  for (auto const& target : config.targets) {
    auto& inNamespace = names[target->id.namespaceName];
    inNamespace.insert(target->id.name);
    // A recreate has the new object validated under that name before it deletes the old one.
    if (target->recreate) inNamespace.insert(core::marks::checkName(target->id.name));
  }
  return names;
}

// Where a Secret may be left whose name the configuration does not know any more.
std::set<std::string> sweptNamespaces(core::Config const& config) {
  std::set<std::string> names(config.deletion.namespaces.begin(), config.deletion.namespaces.end());
  for (auto const& target : config.targets) {
    if (target->deletion == core::DeletionPolicy::remove) names.insert(target->id.namespaceName);
  }
  return names;
}

// By convention of the plugins an option "service_account" holds "<namespace>/<name>", and stands
// in the table `auth` or in one that is built from it.
void collectAccounts(sdk::Options const& options, NamesByNamespace& accounts) {
  auto const* account = options.find("service_account");
  auto const* text = account == nullptr ? nullptr : std::get_if<std::string>(&account->variant());
  if (text != nullptr && text->find('/') != std::string::npos) {
    auto const slash = text->find('/');
    accounts[text->substr(0, slash)].insert(text->substr(slash + 1));
  }
  for (auto const* name : {"auth", "base", "members"}) {
    auto const* inner = options.find(name);
    auto const* tables =
        inner == nullptr ? nullptr : std::get_if<std::vector<sdk::Options>>(&inner->variant());
    if (tables == nullptr) continue;
    for (auto const& table : *tables) collectAccounts(table, accounts);
  }
}

NamesByNamespace accountsOf(core::Config const& config) {
  NamesByNamespace accounts;
  for (auto const& [name, store] : config.stores) {
    if (config.clusters.contains(store.tokenCluster)) collectAccounts(store.options, accounts);
  }
  return accounts;
}

// JSON's quoting is YAML's, too.
std::string quoted(std::string const& text) {
  JsonWriter json(text.size() + 2);
  json.text(text);
  return std::string(json.take().reveal());
}

std::string header(char const* kind, std::string const& name, std::string const& namespaceName) {
  return std::string("---\napiVersion: rbac.authorization.k8s.io/v1\nkind: ") + kind +
         "\nmetadata:\n  name: " + quoted(name) + "\n  namespace: " + quoted(namespaceName) + "\n";
}

std::string rule(std::string const& resource, std::string const& verbs,
                 std::string const& comment) {
  return "# " + comment + "\n- apiGroups: [\"\"]\n  resources: [\"" + resource + "\"]\n  verbs: [" +
         verbs + "]\n";
}

std::string namedRule(std::set<std::string> const& secrets) {
  if (secrets.empty()) return {};
  auto text = rule("secrets", R"("get", "patch", "create", "delete")",
                   "Only these Secrets: an apply names what it creates. The daemon asks for "
                   "metadata only; RBAC cannot say so.");
  text += "  resourceNames:\n";
  for (auto const& secret : secrets) text += "  - " + quoted(secret) + "\n";
  return text;
}

// RBAC cannot choose by label, and when a definition is gone its name is no longer here.
std::string sweepRule(bool watch) {
  auto text = rule("secrets", R"("delete")",
                   "For deletion_policy = \"delete\": when a definition is gone, its Secret's name "
                   "is not printed here any more. Without this rule such a Secret can be deleted "
                   "only while the Role that names it is still in force.");
  if (!watch) text += rule("secrets", R"("list")", "To find them.");
  return text;
}

std::string role(std::string const& name, std::string const& namespaceName,
                 RoleNeeds const& needs) {
  auto text = header("Role", name, namespaceName) + "rules:\n" + namedRule(needs.secrets);
  if (needs.watch) {
    text += rule("secrets", R"("list", "watch")",
                 "For observe = \"watch\". With observe = \"poll\" this rule is not needed.");
  }
  if (needs.events) {
    text += rule("events", R"("create", "patch")",
                 "What becomes of the Secrets, for `kubectl get events`. With events = false this "
                 "rule is not needed.");
  }
  return needs.sweep ? text + sweepRule(needs.watch) : text;
}

// TokenRequest of these accounts, and nobody else's.
std::string tokenRole(std::string const& name, std::string const& namespaceName,
                      std::set<std::string> const& accounts, std::string const& purpose) {
  auto text = header("Role", name, namespaceName) + "rules:\n# " + purpose + "\n";
  text +=
      "- apiGroups: [\"\"]\n  resources: [\"serviceaccounts/token\"]\n  verbs: [\"create\"]\n"
      "  resourceNames:\n";
  for (auto const& account : accounts) text += "  - " + quoted(account) + "\n";
  return text;
}

std::string binding(std::string const& name, std::string const& namespaceName,
                    RbacSubject const& subject) {
  auto text = header("RoleBinding", name, namespaceName);
  text += "roleRef:\n  apiGroup: rbac.authorization.k8s.io\n  kind: Role\n  name: " + quoted(name) +
          "\nsubjects:\n- kind: " + subject.kind + "\n  name: " + quoted(subject.name) + "\n";
  if (subject.kind == "ServiceAccount") {
    return text + "  namespace: " + quoted(subject.namespaceName) + "\n";
  }
  return text + "  apiGroup: rbac.authorization.k8s.io\n";
}

// RBAC cannot name what is to be created.
std::string leaseRole(std::string const& name, core::LeasePlace const& place) {
  std::string const group = "- apiGroups: [\"coordination.k8s.io\"]\n  resources: [\"leases\"]\n";
  auto text = header("Role", name, place.namespaceName);
  text += "rules:\n# For [high_availability] mode = \"leader\": who of several daemons works.\n";
  text += group + "  verbs: [\"get\", \"update\"]\n  resourceNames:\n  - " + quoted(place.name);
  text += "\n# Only for the first start: RBAC cannot name what is to be created.\n";
  return text + group + "  verbs: [\"create\"]\n";
}

}  // namespace

std::string rbacRules(core::Config const& config, RbacSubject const& subject) {
  auto const name = "kms-secretd-" + config.instance;
  auto const cluster =
      config.clusters.empty() ? core::ClusterConfig{} : config.clusters.begin()->second;
  auto const where =
      cluster.name == core::defaultCluster ? std::string() : " in cluster " + quoted(cluster.name);
  std::string text = "# The rights of kms-secretd (instance " + quoted(config.instance) + ")" +
                     where +
                     " for its present configuration.\n# Print and apply it anew when a Secret is "
                     "added or removed.\n";
  auto const swept = sweptNamespaces(config);
  bool const watch = cluster.observe == core::ObserveMode::watch;
  auto names = namesOf(config);
  for (auto const& namespaceName : swept) names[namespaceName];
  for (auto const& [namespaceName, secrets] : names) {
    RoleNeeds const needs{.secrets = secrets,
                          .watch = watch && !secrets.empty(),
                          .events = cluster.events && !secrets.empty(),
                          .sweep = swept.contains(namespaceName)};
    text += role(name, namespaceName, needs) + binding(name, namespaceName, subject);
  }
  if (config.highAvailability.leader) {
    auto const place = config.leasePlace();
    auto const lease = name + "-lease";
    text += leaseRole(lease, place) + binding(lease, place.namespaceName, subject);
  }
  if (subject.kind == "ServiceAccount") {
    auto const login = name + "-login";
    text += tokenRole(login, subject.namespaceName, {subject.name},
                      "To renew its own token in the state directory.") +
            binding(login, subject.namespaceName, subject);
  }
  auto const tokens = name + "-tokens";
  for (auto const& [namespaceName, accounts] : accountsOf(config)) {
    text += tokenRole(tokens, namespaceName, accounts, "Tokens that stores show to RAM.") +
            binding(tokens, namespaceName, subject);
  }
  return text;
}

}  // namespace kms_secretd::kube

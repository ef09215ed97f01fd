// SPDX-License-Identifier: Apache-2.0
#include "config/policy_reader.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include "config/table_checker.hpp"

namespace kms_secretd::config {

namespace {

constexpr std::array listNames{"stores", "clusters", "namespaces", "names", "types"};

Section policySection() {
  return {.path = "policy", .list = true, .generic = "policy", .declarations = policyOptions()};
}

/// True for what can stand in a name, and the two signs of globs.
bool isGlob(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("-._/*?").find(c) != std::string_view::npos;
  });
}

std::vector<std::string> listOf(sdk::Options const& options, char const* name) {
  return options.has(name) ? options.list(name) : std::vector<std::string>();
}

sdk::Options excluded(CheckedTable const& policy) {
  return policy.options.has("exclude") ? policy.options.table("exclude") : sdk::Options();
}

void checkGlobs(CheckedTable const& policy, Findings& findings) {
  bool restricts = false;
  auto const exclude = excluded(policy);
  for (auto const* name : listNames) {
    auto const selects = std::string_view(name) == "stores";
    for (auto const& [options, path] :
         {std::pair{policy.options, std::string(name)}, {exclude, dotted("exclude", name)}}) {
      auto const globs = listOf(options, name);
      if (policy.origins.contains(path) && globs.empty()) {
        findings.error(policy.originOf(path), shown(path) + " is empty",
                       "name something, or remove the key: then nothing is restricted by it");
      }
      restricts = restricts || (!globs.empty() && !selects);
      for (auto const& glob : globs) {
        if (isGlob(glob)) continue;
        findings.error(policy.originOf(path), shown(glob) + " in " + shown(path),
                       "write a name, in which * stands for any characters and ? for one");
      }
    }
  }
  if (!restricts) {
    findings.error(policy.origin, "the policy restricts nothing",
                   "add clusters, namespaces, names or types, there or in exclude");
  }
}

core::GlobList globsOf(CheckedTable const& policy, char const* name) {
  return {.include = listOf(policy.options, name), .exclude = listOf(excluded(policy), name)};
}

core::FeedPolicy policyOf(CheckedTable const& table) {
  return {.stores = globsOf(table, "stores"),
          .clusters = globsOf(table, "clusters"),
          .namespaces = globsOf(table, "namespaces"),
          .names = globsOf(table, "names"),
          .types = globsOf(table, "types"),
          .origin = table.origin};
}

}  // namespace

std::vector<core::FeedPolicy> readPolicies(toml::node const& node, FileContext const& file) {
  auto const* tables = node.as_array();
  if (tables == nullptr || (!tables->empty() && !tables->is_homogeneous(toml::node_type::table))) {
    file.findings.error(file.at(node.source()), "'policy' is not a list of tables",
                        "write [[policy]] with double brackets");
    return {};
  }
  std::vector<core::FeedPolicy> policies;
  TableChecker checker(file);
  for (auto const& element : *tables) {
    auto const table = checker.check(*element.as_table(), policySection());
    checkGlobs(table, file.findings);
    policies.push_back(policyOf(table));
  }
  return policies;
}

}  // namespace kms_secretd::config

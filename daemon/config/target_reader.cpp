// SPDX-License-Identifier: Apache-2.0
#include "config/target_reader.hpp"

#include <algorithm>
#include <utility>

#include "config/complete.hpp"
#include "config/kubernetes_syntax.hpp"
#include "config/policy_fields.hpp"
#include "config/table_checker.hpp"
#include "config/target_fields.hpp"
#include "config/target_places.hpp"
#include "config/value_checks.hpp"
#include "config/value_fields.hpp"
#include "core/secret_types.hpp"

namespace kms_secretd::config {

namespace {

Section defaultsSection() {
  return {.path = "defaults", .generic = "defaults", .declarations = defaultsOptions()};
}

Section secretSection() {
  return {.path = "secret", .list = true, .generic = "secret", .declarations = secretOptions()};
}

bool namesNamespaces(CheckedTable const& table) {
  return table.origins.contains("namespace") || table.origins.contains("namespaces");
}

}  // namespace

TargetReader::TargetReader(FileContext const& file, toml::node const* defaults)
    : file_(file), defaults_(readDefaults(defaults)) {}

CheckedTable TargetReader::readDefaults(toml::node const* node) {
  CheckedTable table;
  if (node != nullptr && !node->is_table()) {
    file_.findings.error(file_.at(node->source()), "'defaults' is not a table",
                         "write [defaults] once, with single brackets");
  } else if (node != nullptr) {
    table = TableChecker(file_).check(*node->as_table(), defaultsSection());
    checkTargetFields(table, file_.findings);
    checkPlaces(table, file_.findings);
    noteType(table);
  }
  complete(table, defaultsSection(), file_.findings);
  return table;
}

std::vector<TargetDraft> TargetReader::readAll(toml::node const& node) {
  auto const* tables = node.as_array();
  if (tables != nullptr && tables->is_homogeneous(toml::node_type::table)) {
    return readChecked(*tables);
  }
  if (tables == nullptr || !tables->empty()) {
    file_.findings.error(file_.at(node.source()), "'secret' is not a list of tables",
                         "write [[secret]] with double brackets, before its [[secret.data]]");
  }
  return {};
}

std::vector<TargetDraft> TargetReader::readChecked(toml::array const& tables) {
  std::vector<TargetDraft> targets;
  targets.reserve(tables.size());
  TableChecker checker(file_);
  auto const section = secretSection();
  for (auto const& element : tables) {
    auto secret = checker.check(*element.as_table(), section);
    complete(secret, section, file_.findings);
    checkTargetFields(secret, file_.findings);
    checkPlaces(secret, file_.findings);
    noteType(secret);
    TargetDraft draft{.definition = definitionOf(secret),
                      .namespaces = namespacesOf(secret, defaults_),
                      .clusters = clustersOf(secret, defaults_)};
    checkTarget(draft, secret);
    targets.push_back(std::move(draft));
  }
  return targets;
}

void TargetReader::noteType(CheckedTable const& table) {
  auto const type = table.options.text("type");
  if (core::mintsTokens(type)) tokenTypes_.push_back({type, table.originOf("type")});
}

core::TargetDefinition TargetReader::definitionOf(CheckedTable const& secret) const {
  TargetFields const fields(secret, defaults_);
  core::TargetDefinition target;
  target.id.name = fields.text("name");
  target.type = fields.text("type");
  readValues(fields, secret, target);
  target.labels = fields.texts("labels");
  target.annotations = fields.texts("annotations");
  target.interval = fields.duration("interval");
  readPolicies(fields, target);
  target.origin = secret.origin;
  return target;
}

void TargetReader::checkTarget(TargetDraft const& draft, CheckedTable const& secret) const {
  auto const& target = draft.definition;
  if (draft.namespaces.names.empty() && !namesNamespaces(secret) && !namesNamespaces(defaults_)) {
    file_.findings.error(target.origin, "secret " + shown(target.id.name) + " has no namespace",
                         "add namespace = \"...\" here or to [defaults] of this same file");
  }
  checkPolicies(target, file_.findings);
  checkValues(target, secret, file_);
}

}  // namespace kms_secretd::config

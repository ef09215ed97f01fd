// SPDX-License-Identifier: Apache-2.0
#include "config/load.hpp"

#include <algorithm>
#include <cassert>
#include <utility>

#include "config/assembly.hpp"
#include "config/cluster_reader.hpp"
#include "config/policy_reader.hpp"
#include "config/settings.hpp"
#include "config/store_reader.hpp"
#include "config/table_checker.hpp"
#include "config/target_reader.hpp"

namespace kms_secretd::config {

namespace {

CheckedTable readSettings(toml::table const& root, FileContext const& file) {
  TableChecker checker(file);
  checker.leaveApart(tablesReadApart());
  return checker.check(root, settingsSection());
}

FileDraft readFile(toml::table const& root, FileContext const& file, BackendCatalog& catalog) {
  FileDraft draft;
  draft.settings = readSettings(root, file);
  if (auto const* stores = root.get("store")) readStores(*stores, file, catalog, draft);
  TargetReader targets(file, root.get("defaults"));
  draft.defaultsOrigin = targets.defaultsOrigin();
  if (auto const* clusters = root.get("cluster")) readClusters(*clusters, file, draft);
  if (auto const* policies = root.get("policy")) draft.policies = readPolicies(*policies, file);
  if (auto const* secrets = root.get("secret")) draft.targets = targets.readAll(*secrets);
  draft.tokenTypes = targets.tokenTypes();
  return draft;
}

std::vector<std::string> namesOf(std::vector<SourceText> const& sources) {
  std::vector<std::string> names;
  names.reserve(sources.size());
  for (auto const& source : sources) names.push_back(source.name);
  return names;
}

/// What a load needs besides the texts.
struct Tools {
  BackendCatalog& catalog;
  HashFunction const& hash;
  ExpressionCheck const& expressions;
};

LoadResult loadWith(std::vector<SourceText> const& sources, Tools const& tools,
                    Findings& findings) {
  assert(tools.hash && "a configuration needs a hash function");
  auto const* const expressions = tools.expressions ? &tools.expressions : nullptr;
  std::vector<FileDraft> drafts;
  bool partial = !findings.clean();
  for (auto const& source : sources) {
    FileContext const file{source, findings, expressions};
    if (auto const root = parseToml(file)) {
      drafts.push_back(readFile(*root, file, tools.catalog));
    } else {
      partial = true;
    }
  }
  auto const names = namesOf(sources);
  core::Origin const mainFile{.file = names.empty() ? "" : names.front()};
  auto config = assemble(std::move(drafts), {tools.hash, partial, mainFile}, findings);
  LoadResult result{.problems = findings.errorsInOrder(names),
                    .warnings = findings.warningsInOrder(names)};
  for (auto const& warning : result.warnings) config.warnings.push_back(warning.text());
  if (findings.clean()) result.config = std::move(config);
  return result;
}

}  // namespace

LoadResult load(LoadRequest const& request) {
  assert(request.ownerTrusted && "a configuration needs a judgement of file owners");
  Findings findings;
  auto const sources = readSources(request.mainFile, request.ownerTrusted, findings);
  return loadWith(sources, {request.catalog, request.hash, request.expressions}, findings);
}

LoadResult loadTexts(std::vector<SourceText> const& sources, BackendCatalog& catalog,
                     HashFunction const& hash, ExpressionCheck const& expressions) {
  Findings findings;
  return loadWith(sources, {catalog, hash, expressions}, findings);
}

}  // namespace kms_secretd::config

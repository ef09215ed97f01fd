// SPDX-License-Identifier: Apache-2.0
#include "config/store_reader.hpp"

#include <utility>

#include "config/bounds.hpp"
#include "config/complete.hpp"
#include "config/kubernetes_syntax.hpp"
#include "config/table_checker.hpp"

namespace kms_secretd::config {

namespace {

Section sectionOf(StoreDraft const& draft) {
  return {.path = "store." + draft.name, .generic = "store", .declarations = draft.declarations};
}

/// Reads one [store.<name>].
class StoreReader {
 public:
  StoreReader(FileContext const& file, BackendCatalog& catalog) : file_(file), catalog_(catalog) {}

  StoreDraft read(std::string name, toml::table const& table) {
    StoreDraft draft{.name = std::move(name)};
    auto const common = storeOptions();
    draft.declarations.assign(common.begin(), common.end());
    if (auto const* backend = table.get_as<std::string>("backend")) {
      draft.backendKnown = addBackend(draft, backend->get(), file_.at(backend->source()));
    }
    TableChecker checker(file_);
    if (!draft.backendKnown) checker.allowUnknown();
    draft.table = checker.check(table, sectionOf(draft));
    return draft;
  }

 private:
  bool addBackend(StoreDraft& draft, std::string const& backend, core::Origin const& origin) {
    auto const lookup = catalog_.find(backend);
    if (auto const* refusal = std::get_if<BackendRefusal>(&lookup)) {
      file_.findings.error(origin, "the backend cannot be used: " + refusal->sentence);
      return false;
    }
    for (auto const& option : std::get<BackendDescription>(lookup).options) {
      if (findDeclaration(storeOptions(), option.name) != nullptr) {
        file_.findings.error(origin,
                             "backend " + shown(backend) + " declares the option " +
                                 shown(option.name) + ", which every store has",
                             "the plugin must give its option another name");
        return false;
      }
      draft.declarations.push_back(option);
    }
    return true;
  }

  FileContext file_;
  BackendCatalog& catalog_;
};

bool usable(std::string const& name, bool isTable, core::Origin const& origin, Findings& findings) {
  if (!isTable) {
    findings.error(origin, shown(name) + " in [store] is not a store",
                   "a store has a name: write [store.<name>] above its keys");
    return false;
  }
  auto const fault = storeNameFault(name);
  if (fault) findings.error(origin, "store name " + shown(name) + " " + *fault, "rename the store");
  return !fault;
}

}  // namespace

void readStores(toml::node const& node, FileContext const& file, BackendCatalog& catalog,
                FileDraft& draft) {
  auto const* stores = node.as_table();
  if (stores == nullptr) {
    draft.storesRefused = true;
    file.findings.error(file.at(node.source()), "'store' is not a table of stores",
                        "a store has a name: write [store.<name>]");
    return;
  }
  StoreReader reader(file, catalog);
  for (auto const& [key, value] : *stores) {
    std::string const name(key.str());
    auto const* table = value.as_table();
    if (usable(name, table != nullptr, file.at(key.source()), file.findings)) {
      draft.stores.push_back(reader.read(name, *table));
    } else {
      draft.storesRefused = true;
    }
  }
}

void StoreAssembly::fillRegion(StoreDraft& draft) {
  auto const* region = findDeclaration(draft.declarations, "region");
  if (region == nullptr || region->type != sdk::OptionType::string) return;
  if (draft.table.origins.contains("region") || !settings_.options.has("region")) return;
  draft.table.options.set("region", {settings_.options.text("region")});
  draft.table.origins["region"] = settings_.originOf("region");
  regionUsed_ = true;
}

void StoreAssembly::add(StoreDraft draft) {
  auto const [at, isNew] = names_.emplace(draft.name, draft.table.origin);
  if (!isNew) {
    findings_.error(draft.table.origin,
                    "store " + shown(draft.name) + " was already defined at " + at->second.text(),
                    "remove one of the two or rename it");
    return;
  }
  fillRegion(draft);
  if (draft.backendKnown || !draft.table.options.has("backend")) {
    complete(draft.table, sectionOf(draft), findings_);
  }
  checkBounds(draft.table, "timeout", timeoutBounds, findings_);
  checkBounds(draft.table, "requests_per_second", rateBounds, findings_);
  auto const& options = draft.table.options;
  if (!draft.backendKnown || !findings_.clean()) return;
  stores_[draft.name] = {
      .name = draft.name,
      .backend = options.text("backend"),
      .options = options,
      .requestsPerSecond = static_cast<double>(options.integer("requests_per_second")),
      .timeout = options.duration("timeout"),
      .tokenCluster = options.has("token_cluster") ? options.text("token_cluster") : "",
      .origin = draft.table.origin,
      .optionOrigins = std::move(draft.table.origins)};
}

}  // namespace kms_secretd::config

// SPDX-License-Identifier: Apache-2.0
#include "config/target_fields.hpp"

#include <algorithm>
#include <array>
#include <set>

#include "config/bounds.hpp"
#include "config/kubernetes_syntax.hpp"

namespace kms_secretd::config {

namespace {

constexpr std::size_t maxAnnotationBytes = std::size_t{200} << 10;  ///< the API server's 256 KiB,
                                                                    ///< less what we add

struct TextCheck {
  char const* name;
  Fault (*faultOf)(std::string_view);
};

constexpr std::array commonChecks{
    TextCheck{"name", subdomainFault}, TextCheck{"namespace", labelFault},
    TextCheck{"type", secretTypeFault}, TextCheck{"store", storeNameFault},
    TextCheck{"version_stage", sourceNameFault}};
constexpr std::array entryChecks{TextCheck{"source", sourceNameFault},
                                 TextCheck{"key", dataKeyFault}, TextCheck{"store", storeNameFault},
                                 TextCheck{"version_stage", sourceNameFault},
                                 TextCheck{"version_id", sourceNameFault}};

/// Stages are what backends start from: no stage means it, so equal reads stay equal.
constexpr std::string_view currentStage = "ACSCurrent";

void checkText(TextCheck const& check, sdk::Options const& options, core::Origin const& origin,
               Findings& findings) {
  if (!options.has(check.name)) return;
  auto const text = options.text(check.name);
  if (auto const fault = check.faultOf(text)) {
    findings.error(origin, shown(check.name) + " is " + shown(text), "it " + *fault);
  }
}

void checkKeys(CheckedTable const& table, std::string const& name, Findings& findings) {
  auto const texts = table.freeTables.find(name);
  if (texts == table.freeTables.end()) return;
  for (auto const& [key, value] : texts->second) {
    auto const& origin = table.originOf(dotted(name, key));
    if (auto const fault = metadataKeyFault(key)) {
      findings.error(origin, shown(key) + " in " + name + " " + *fault, "rename or remove it");
    }
    if (auto const fault = labelValueFault(value); fault && name == "labels") {
      findings.error(origin, "the value of label " + shown(key) + " " + *fault,
                     "shorten it, or make it an annotation");
    }
  }
}

void checkAnnotationSize(CheckedTable const& table, Findings& findings) {
  auto const texts = table.freeTables.find("annotations");
  if (texts == table.freeTables.end()) return;
  std::size_t bytes = 0;
  for (auto const& [key, value] : texts->second) bytes += key.size() + value.size();
  if (bytes > maxAnnotationBytes) {
    findings.error(table.originOf("annotations"), "annotations hold more than 200 KiB",
                   "the API server takes 256 KiB in all: shorten them");
  }
}

void warnOfType(CheckedTable const& table, Findings& findings) {
  auto const type = table.options.text("type");
  if (auto const probable = probableType(type)) {
    findings.warning(table.originOf("type"), "type " + shown(type) + " is none of Kubernetes' own",
                     "did you mean " + shown(*probable) + "?");
  }
}

std::string lastSegment(std::string const& source) {
  auto const slash = source.rfind('/');
  return slash == std::string::npos ? source : source.substr(slash + 1);
}

void checkPin(sdk::Options const& entry, CheckedTable const& secret, std::string const& path,
              Findings& findings) {
  if (entry.has("version_id") && entry.has("version_stage")) {
    findings.error(secret.originOf(dotted(path, "version_stage")),
                   "version_stage stands beside version_id",
                   "keep one: a pinned version loses its stage at the next rotation");
  }
}

void checkEntry(sdk::Options const& entry, CheckedTable const& secret, std::string const& path,
                Findings& findings) {
  for (auto const& check : entryChecks) {
    checkText(check, entry, secret.originOf(dotted(path, check.name)), findings);
  }
  checkPin(entry, secret, path, findings);
  auto const source = entry.text("source");
  if (entry.has("key") || sourceNameFault(source)) return;
  auto const key = lastSegment(source);
  if (dataKeyFault(key)) {
    findings.error(secret.originOf(dotted(path, "source")),
                   "the last segment of source, " + shown(key) + ", is no key of a Secret",
                   "add key = \"...\" with letters, digits, '-', '_' and '.'");
  }
}

void checkDoubleKeys(core::TargetDefinition const& target, Findings& findings) {
  std::map<std::string_view, core::Origin const*> seen;
  for (auto const& entry : target.data) {
    if (entry.key.empty()) continue;
    auto const [at, isNew] = seen.emplace(entry.key, &entry.origin);
    if (isNew) continue;
    findings.error(entry.origin,
                   "key " + shown(entry.key) + " was already filled at " + at->second->text(),
                   "give one of the two another key = \"...\"");
  }
}

void checkDemandedKeys(core::TargetDefinition const& target, Findings& findings) {
  if (target.creation == core::CreationPolicy::merge) return;
  auto const present = [&](std::string const& key) {
    return std::ranges::find(target.data, key, &core::DataEntry::key) != target.data.end();
  };
  for (auto const& group : requiredKeys(target.type)) {
    if (std::ranges::any_of(group, present)) continue;
    findings.error(target.origin,
                   "a Secret of type " + shown(target.type) + " needs the key " + oneOf(group),
                   "add a [[secret.data]] with that key, or use another type");
  }
}

}  // namespace

void checkTargetFields(CheckedTable const& table, Findings& findings) {
  for (auto const& check : commonChecks) {
    checkText(check, table.options, table.originOf(check.name), findings);
  }
  checkBounds(table, "interval", intervalBounds, findings);
  checkKeys(table, "labels", findings);
  checkKeys(table, "annotations", findings);
  checkAnnotationSize(table, findings);
  warnOfType(table, findings);
}

std::map<std::string, std::string> TargetFields::texts(std::string const& name) const {
  std::map<std::string, std::string> merged;
  for (auto const* table : {&secret_, &defaults_}) {
    auto const at = table->freeTables.find(name);
    if (at != table->freeTables.end()) merged.insert(at->second.begin(), at->second.end());
  }
  return merged;
}

core::SourceRef TargetFields::sourceOf(sdk::Options const& entry) const {
  core::SourceRef source{.store = entry.has("store") ? entry.text("store") : text("store"),
                         .name = entry.text("source"),
                         .versionStage = entry.text("version_stage"),
                         .versionId = entry.text("version_id")};
  if (!entry.has("version_stage") && !source.pinned()) source.versionStage = text("version_stage");
  if (source.versionStage == currentStage) source.versionStage.clear();
  return source;
}

std::vector<core::DataEntry> TargetFields::data() const {
  std::vector<core::DataEntry> entries;
  auto const tables = secret_.options.tables("data");
  for (std::size_t i = 0; i < tables.size(); ++i) {
    auto source = sourceOf(tables[i]);
    auto key = tables[i].has("key") ? tables[i].text("key") : lastSegment(source.name);
    entries.push_back({std::move(source), std::move(key), secret_.originOf(indexed("data", i))});
  }
  return entries;
}

void checkData(core::TargetDefinition const& target, CheckedTable const& secret,
               Findings& findings) {
  auto const tables = secret.options.tables("data");
  for (std::size_t i = 0; i < tables.size(); ++i) {
    checkEntry(tables[i], secret, indexed("data", i), findings);
  }
  if (tables.empty() && secret.options.has("data")) {
    findings.error(secret.originOf("data"), "'data' is an empty list",
                   "add a [[secret.data]]: a Secret without keys is not written");
  }
  checkDoubleKeys(target, findings);
  if (!tables.empty()) checkDemandedKeys(target, findings);
}

}  // namespace kms_secretd::config

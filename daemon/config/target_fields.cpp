// SPDX-License-Identifier: Apache-2.0
#include "config/target_fields.hpp"

#include <algorithm>
#include <array>
#include <set>

#include "config/bounds.hpp"
#include "config/kubernetes_syntax.hpp"
#include "config/option_views.hpp"

namespace kms_secretd::config {

namespace {

constexpr std::size_t maxAnnotationBytes = std::size_t{200} << 10;  ///< the API server's 256 KiB,
                                                                    ///< less what we add

struct TextCheck {
  char const* name;
  Fault (*faultOf)(std::string_view);
};

constexpr std::array commonChecks{
    TextCheck{"name", subdomainFault},  TextCheck{"namespace", labelFault},
    TextCheck{"cluster", labelFault},   TextCheck{"type", secretTypeFault},
    TextCheck{"store", storeNameFault}, TextCheck{"version_stage", sourceNameFault},
    TextCheck{"approve", approvalFault}};

/// Stages are what backends start from: no stage means it, so equal reads stay equal.
constexpr std::string_view currentStage = "ACSCurrent";

void checkText(TextCheck const& check, CheckedTable const& table, Findings& findings) {
  auto const* const text = findText(table.options, check.name);
  if (text == nullptr) return;
  if (auto const fault = check.faultOf(*text)) {
    findings.error(table.originOf(check.name), shown(check.name) + " is " + shown(*text),
                   "it " + *fault);
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
  auto const* const type = findText(table.options, "type");
  if (type == nullptr) return;
  if (auto const probable = probableType(*type)) {
    findings.warning(table.originOf("type"), "type " + shown(*type) + " is none of Kubernetes' own",
                     "did you mean " + shown(*probable) + "?");
  }
}

}  // namespace

void checkTargetFields(CheckedTable const& table, Findings& findings) {
  for (auto const& check : commonChecks) checkText(check, table, findings);
  checkBounds(table, "interval", intervalBounds, findings);
  checkKeys(table, "labels", findings);
  checkKeys(table, "annotations", findings);
  checkAnnotationSize(table, findings);
  warnOfType(table, findings);
}

std::string const& TargetFields::text(char const* name) const {
  static std::string const none;
  auto const* text = findText(secret_.options, name);
  if (text == nullptr) text = findText(defaults_.options, name);
  return text == nullptr ? none : *text;
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
  auto const* const store = findText(entry, "store");
  core::SourceRef source{.store = store == nullptr ? text("store") : *store,
                         .name = entry.text("source"),
                         .versionStage = entry.text("version_stage"),
                         .versionId = entry.text("version_id")};
  if (!entry.has("version_stage") && !source.pinned()) source.versionStage = text("version_stage");
  if (source.versionStage == currentStage) source.versionStage = {};
  return source;
}

}  // namespace kms_secretd::config

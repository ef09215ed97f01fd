// SPDX-License-Identifier: Apache-2.0
#include "config/settings.hpp"

#include "config/bounds.hpp"
#include "config/complete.hpp"
#include "config/kubernetes_syntax.hpp"
#include "core/secret_types.hpp"

namespace kms_secretd::config {

namespace {

/// Walks over two layers of the same declarations.
class Merge {
 public:
  Merge(CheckedTable& all, CheckedTable const& file, Findings& findings)
      : all_(all), file_(file), findings_(findings) {}

  void run(sdk::Options& into, sdk::Options const& from, Section const& section,
           std::string const& prefix) {
    for (auto const& option : section.declarations) {
      auto const path = dotted(prefix, option.name);
      auto const at = file_.origins.find(path);
      if (at == file_.origins.end()) continue;
      if (option.type == sdk::OptionType::table) {
        auto table = into.table(option.name);
        run(table, from.table(option.name), section.inner(option), path);
        into.set(option.name, {std::vector{std::move(table)}});
        all_.origins.emplace(path, at->second);
      } else {
        take(into, from, option.name, {path, at->second, section});
      }
    }
  }

 private:
  struct Place {
    std::string path;
    core::Origin const& origin;
    Section const& section;
  };

  void take(sdk::Options& into, sdk::Options const& from, char const* name, Place const& place) {
    auto const [earlier, isNew] = all_.origins.emplace(place.path, place.origin);
    if (!isNew) {
      findings_.error(place.origin,
                      shown(name) + " " + place.section.where() + " was already given at " +
                          earlier->second.text(),
                      "keep one of the two");
    } else if (auto const* value = from.find(name)) {
      into.set(name, *value);
    }
  }

  CheckedTable& all_;
  CheckedTable const& file_;
  Findings& findings_;
};

std::string textOr(sdk::Options const& options, char const* name) {
  return options.has(name) ? options.text(name) : std::string();
}

}  // namespace

Section settingsSection() { return {.declarations = settingsOptions()}; }

void checkText(CheckedTable const& table, std::string const& path,
               Fault (*faultOf)(std::string_view), Findings& findings) {
  auto const& holder = holderOf(table.options, path);
  auto const leaf = leafOf(path);
  if (!holder.has(leaf)) return;
  auto const text = holder.text(leaf);
  if (auto const fault = faultOf(text)) {
    findings.error(table.originOf(path), shown(leaf) + " is " + shown(text), "it " + *fault);
  }
}

void mergeSettings(CheckedTable& all, CheckedTable const& file, Findings& findings) {
  auto into = all.options;
  Merge(all, file, findings).run(into, file.options, settingsSection(), "");
  all.options = std::move(into);
}

void finishSettings(CheckedTable& all, bool partial, Findings& findings) {
  Findings unheard;
  complete(all, settingsSection(), partial ? unheard : findings);
  checkText(all, "instance", labelFault, findings);
  checkText(all, "region", sourceNameFault, findings);
  checkText(all, "control.socket", absolutePathFault, findings);
  checkText(all, "metrics.listen", listenFault, findings);
  checkText(all, "high_availability.lease_namespace", labelFault, findings);
  checkBounds(all, "high_availability.lease_duration", leaseBounds, findings);
  checkBounds(all, "polling.interval", intervalBounds, findings);
  checkBounds(all, "daemon.workers", workerBounds, findings);
  checkText(all, "deletion.approve", approvalFault, findings);
  for (auto const& name : all.options.table("deletion").list("namespaces")) {
    auto const fault = labelFault(name);
    if (!fault) continue;
    findings.error(all.originOf("deletion.namespaces"), "namespace " + shown(name), "it " + *fault);
  }
  for (auto const& type : all.options.table("daemon").list("allowed_secret_types")) {
    if (core::mintsTokens(type)) continue;
    findings.error(all.originOf("daemon.allowed_secret_types"),
                   "type " + shown(type) + " needs no permission", "remove it from the list");
  }
}

core::Config configFrom(CheckedTable const& settings) {
  auto const& options = settings.options;
  auto const polling = options.table("polling");
  core::Config config;
  config.instance = options.text("instance");
  config.pollingEnabled = polling.boolean("enabled");
  config.pollingInterval = polling.duration("interval");
  config.workers = static_cast<std::uint32_t>(options.table("daemon").integer("workers"));
  config.reloadOnChange = options.table("daemon").boolean("reload_on_change");
  config.controlSocket = textOr(options.table("control"), "socket");
  config.metricsListen = textOr(options.table("metrics"), "listen");
  auto const available = options.table("high_availability");
  config.highAvailability = {.leader = available.text("mode") == "leader",
                             .leaseNamespace = available.text("lease_namespace"),
                             .leaseDuration = available.duration("lease_duration")};
  auto const deletion = options.table("deletion");
  config.deletion = {.approve = textOr(deletion, "approve"),
                     .namespaces = deletion.list("namespaces")};
  return config;
}

}  // namespace kms_secretd::config

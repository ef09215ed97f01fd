// SPDX-License-Identifier: Apache-2.0
// What the daemon's program does for kms-secretctl: looks, and writes nothing.
#include <cstdio>
#include <string>
#include <variant>

#include "app/build_info.hpp"
#include "app/daemon.hpp"
#include "app/doctor/examination.hpp"
#include "app/doctor/machine.hpp"
#include "app/plan_command.hpp"
#include "app/signal_stop.hpp"
#include "app/world_error.hpp"

namespace kms_secretd::app {
namespace {

constexpr char const* usualSocket = "/run/kms-secretd/control.sock";

bool print(std::string const& text) {
  return std::fputs(text.c_str(), stdout) >= 0 && std::fflush(stdout) == 0;
}

void addProblem(std::string const& text, doctor::Level level, doctor::Findings& findings) {
  findings.add({.level = level,
                .check = "configuration",
                .what = text,
                .remedy = level == doctor::Level::bad ? "mend the line that it names" : ""});
}

bool anyBad(doctor::Findings const& findings) {
  for (auto const& each : findings.all()) {
    if (each.level == doctor::Level::bad) return true;
  }
  return false;
}

}  // namespace

int Daemon::doctor() {
  SignalStop const stop(signals_, stop_);
  doctor::Findings findings;
  try {
    auto const config = loadConfig();
    findings.good("configuration",
                  arguments_.config + " is good: " + std::to_string(config.targets.size()) +
                      " secrets from " + std::to_string(config.stores.size()) + " stores");
    for (auto const& warning : config.warnings) {
      addProblem(warning, doctor::Level::warning, findings);
    }
    auto const settings = controlSettings(config, "");
    doctor::examine({.configFile = arguments_.config,
                     .config = config,
                     .rbac = rbacOf(config),
                     .socket = settings.socket.empty() ? usualSocket : settings.socket},
                    {.clock = clock_,
                     .stop = stop_,
                     .transports = transports_,
                     .plugins = plugins_,
                     .userAgent = std::string("kms-secretd/") + buildVersion},
                    findings);
  } catch (WorldError const& error) {
    for (auto const& problem : error.problems()) {
      addProblem(problem, doctor::Level::bad, findings);
    }
    doctor::judgeMemory(doctor::memoryFacts(usualSocket), findings);
  }
  return print(doctor::jsonText(findings.sorted())) && !anyBad(findings) ? 0 : 1;
}

int Daemon::plan() {
  SignalStop const stop(signals_, stop_);
  auto const world = buildWorld(loadConfig());
  auto const wanted = definitionsFor(world->config(), arguments_.targets);
  if (auto const* why = std::get_if<std::string>(&wanted)) {
    std::fprintf(stderr, "kms-secretd: %s\n", why->c_str());
    return 1;
  }
  auto const& definitions = std::get<std::vector<core::TargetDefinition const*>>(wanted);
  auto const all = foreseeAll(*world, definitions, {.clock = clock_, .stop = stop_});
  PlanFacts const facts{.configuration = "offline", .wanted = definitions.size()};
  bool good = print(jsonText(all, facts)) && all.size() == definitions.size();
  for (auto const& each : all) good = good && each.trouble.empty();
  return good ? 0 : 1;
}

}  // namespace kms_secretd::app

// SPDX-License-Identifier: Apache-2.0
#include "app/daemon.hpp"

#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <filesystem>

#include "app/build_info.hpp"
#include "app/expression_judge.hpp"
#include "app/online_check.hpp"
#include "app/plugin_catalog.hpp"
#include "app/render_command.hpp"
#include "app/signal_stop.hpp"
#include "app/world_error.hpp"
#include "config/load.hpp"
#include "kube/kubeconfig.hpp"
#include "kube/login.hpp"
#include "kube/rbac_rules.hpp"
#include "kube/token_claims.hpp"
#include "platform/files.hpp"
#include "platform/memory_lock.hpp"
#include "platform/sha256.hpp"
#include "report/journal_sink.hpp"
#include "report/terminal_sink.hpp"

namespace kms_secretd::app {
namespace {

constexpr int exitGood = 0;
constexpr int exitFailed = 1;

std::unique_ptr<report::LogSink> makeSink(Arguments const& arguments, sdk::Clock const& clock) {
  auto const journal = !arguments.foreground && arguments.mode == Mode::run;
  if (journal) return std::make_unique<report::JournalSink>();
  return std::make_unique<report::TerminalSink>(clock, STDERR_FILENO, report::Severity::info);
}

backends::PluginDirectory pluginDirectory(Arguments const& arguments) {
  if (!arguments.pluginDir) return {.path = installedPluginDir, .trustOwnUid = false};
  return {.path = *arguments.pluginDir, .trustOwnUid = true};
}

// As systemd hands it over (StateDirectory= and the like); the first where there are several.
std::string directoryFrom(char const* variable, char const* otherwise) {
  auto const* const given = std::getenv(variable);
  if (given == nullptr) return otherwise;
  std::string const all = given;
  return all.substr(0, all.find(':'));
}

std::string stateDirectory() { return directoryFrom("STATE_DIRECTORY", "/var/lib/kms-secretd"); }

// Who the kubeconfig logs in as, as far as its files tell; it need not be there yet.
kube::RbacSubject subjectOf(core::ClusterConfig const& cluster) {
  try {
    auto const token = kube::readToken(kube::loadKubeconfig(cluster.kubeconfig, cluster.context));
    if (auto const claims = kube::readTokenClaims(token.reveal())) {
      return {.kind = "ServiceAccount",
              .name = claims->serviceAccount,
              .namespaceName = claims->namespaceName};
    }
  } catch (kube::KubeconfigError const&) {
    return {};
  }
  return {};
}

// Said only where there are several.
std::string intoClusters(core::Config const& config) {
  if (config.clusters.size() < 2) return {};
  return " into " + std::to_string(config.clusters.size()) + " clusters";
}

// For systemd's status line, which stays when the daemon could not start.
std::string summaryOf(std::vector<std::string> const& problems) {
  auto const more = problems.size() - 1;
  auto const rest = more == 0 ? std::string() : " (and " + std::to_string(more) + " more)";
  return "the configuration was refused: " + problems.front() + rest;
}

bool ownerTrusted(std::filesystem::path const& file) {
  auto const facts = platform::inspectFile(file);
  return facts.ok() && (facts.value().owner == 0 || facts.value().owner == ::geteuid());
}

}  // namespace

Daemon::Daemon(Arguments arguments)
    : arguments_(std::move(arguments)),
      signals_({SIGTERM, SIGINT, SIGHUP}),
      sink_(makeSink(arguments_, clock_)),
      reporter_(*sink_, clock_),
      plugins_(pluginDirectory(arguments_)),
      transports_(clock_, stop_),
      control_(clock_, directoryFrom("RUNTIME_DIRECTORY", "")),
      leaseTransports_(clock_, never_) {}

Daemon::~Daemon() = default;

int Daemon::run() {
  try {
    switch (arguments_.mode) {
      case Mode::check_config:
        return checkConfig();
      case Mode::print_rbac:
        return printRbac();
      case Mode::render:
        return render();
      case Mode::doctor:
        return doctor();
      case Mode::plan:
        return plan();
      case Mode::once:
        return runOnce();
      default:
        return runForever();
    }
  } catch (WorldError const& error) {
    sayProblems(error.problems(), report::EventId::configuration_rejected);
    service_.status("not started: " + summaryOf(error.problems()));
    return exitFailed;
  }
}

core::Config Daemon::loadConfig() {
  PluginCatalog catalog(plugins_);
  auto loaded = config::load({.mainFile = arguments_.config,
                              .catalog = catalog,
                              .hash = platform::sha256Hex,
                              .ownerTrusted = ownerTrusted,
                              .expressions = judgeExpression});
  if (!loaded.config) {
    std::vector<std::string> problems;
    for (auto const& problem : loaded.problems) problems.push_back(problem.text());
    throw WorldError(std::move(problems));
  }
  return std::move(*loaded.config);
}

std::shared_ptr<World> Daemon::buildWorld(core::Config config, World const* before) {
  return std::make_shared<World>(std::move(config),
                                 Foundation{.clock = clock_,
                                            .transports = transports_,
                                            .digest = digest_,
                                            .plugins = plugins_,
                                            .userAgent = std::string("kms-secretd/") + buildVersion,
                                            .leaseTransports = leaseTransports_,
                                            .identity = identity_,
                                            .stateDirectory = stateDirectory()},
                                 before);
}

std::shared_ptr<World> Daemon::tryReload(World const& inForce) {
  try {
    auto world = buildWorld(loadConfig(), &inForce);
    reporter_.status().configurationTaken();
    return world;
  } catch (WorldError const& error) {
    reporter_.status().configurationRefused(clock_.wall());
    sayProblems(error.problems(), report::EventId::reload_failed);
    reporter_.event(report::EventId::reload_failed,
                    "the new configuration was refused; the old one stays in force: mend the "
                    "lines above, then reload again");
    return nullptr;
  }
}

void Daemon::sayProblems(std::vector<std::string> const& problems, report::EventId event) {
  for (auto const& problem : problems) reporter_.event(event, problem);
}

Surroundings Daemon::surroundings() {
  return {.clock = clock_,
          .reporter = reporter_,
          .stop = stop_,
          .service = service_,
          .control = control_,
          .configFile = arguments_.config,
          .rehearsal = [this](core::Config const* inForce) {
            return buildWorld(inForce == nullptr ? loadConfig() : *inForce);
          }};
}

int Daemon::checkConfig() {
  auto const world = buildWorld(loadConfig());
  auto const& config = world->config();
  for (auto const& warning : config.warnings) {
    reporter_.event(report::EventId::configuration_warning, warning);
  }
  std::printf("%s: good: %zu secrets from %zu stores%s\n", arguments_.config.c_str(),
              config.targets.size(), config.stores.size(), intoClusters(config).c_str());
  return arguments_.online ? checkOnline(*world) : exitGood;
}

int Daemon::checkOnline(World& world) {
  SignalStop const stop(signals_, stop_);
  bool good = true;
  for (auto const& [name, link] : world.links()) {
    auto const deadline = clock_.boot() + link->cluster().timeout;
    auto const check =
        checkCluster(link->cluster(), link->kube(), {.deadline = deadline, .cancellation = &stop_});
    for (auto const& line : check.lines) std::printf("%s\n", line.c_str());
    good = good && check.good;
  }
  for (auto const& [name, store] : world.config().stores) {
    auto const check = checkStore(world.config(), name, world.backendOf(name), clock_, stop_);
    for (auto const& line : check.lines) std::printf("%s\n", line.c_str());
    good = good && check.good;
  }
  return good ? exitGood : exitFailed;
}

int Daemon::printRbac() {
  auto const config = loadConfig();
  auto const& wanted = arguments_.cluster;
  if (!wanted.empty() && !config.clusters.contains(wanted)) {
    throw WorldError({"there is no cluster " + wanted + " in " + arguments_.config});
  }
  for (auto const& [cluster, rules] : rbacOf(config)) {
    if (!wanted.empty() && cluster != wanted) continue;
    if (std::fputs(rules.c_str(), stdout) < 0) return exitFailed;
  }
  return exitGood;
}

std::map<std::string, std::string> Daemon::rbacOf(core::Config const& config) {
  std::map<std::string, std::string> rules;
  for (auto const& [name, cluster] : config.clusters) {
    rules[name] = kube::rbacRules(config.shareOf(name), subjectOf(cluster));
  }
  return rules;
}

int Daemon::render() {
  auto const config = loadConfig();
  return runRender(
      {.config = config, .definition = arguments_.definition, .showValues = arguments_.showValues},
      plugins_, clock_);
}

int Daemon::runOnce() {
  Engine engine(surroundings(), buildWorld(loadConfig()));
  auto const good = engine.runOnce(signals_);
  std::fprintf(stderr, "%s\n", reporter_.status().summary(engine.targets()).c_str());
  return good ? exitGood : exitFailed;
}

int Daemon::runForever() {
  reporter_.event(report::EventId::started,
                  std::string("kms-secretd ") + buildVersion + " starts with " + arguments_.config);
  service_.status("starting with " + arguments_.config);
  if (!platform::lockMemory() && !arguments_.foreground) {
    reporter_.event(report::EventId::memory_unlocked,
                    "the memory is not locked, so secrets may reach the swap: let the unit's "
                    "LimitMEMLOCK be infinity");
  }
  Engine engine(surroundings(), buildWorld(loadConfig()));
  auto const ended =
      engine.run(signals_, [this](World const& inForce) { return tryReload(inForce); });
  reporter_.event(report::EventId::stopped,
                  ended ? "stopped" : "stopped; a round hung and was cut");
  // A hung round cannot be joined; what it holds is only ever applied whole by the API server.
  if (!ended) ::_exit(exitGood);
  return exitGood;
}

}  // namespace kms_secretd::app

// SPDX-License-Identifier: Apache-2.0
// The commands that look at what a configuration would do: the daemon's own program loads it as the
// daemon will, and a plan is the running daemon's where there is one.
#include <unistd.h>

#include <algorithm>
#include <boost/json.hpp>
#include <cstdio>
#include <utility>

#include "ctl/commands.hpp"
#include "ctl/exit_codes.hpp"
#include "ctl/run_daemon.hpp"
#include "ctl/screen.hpp"
#include "ctl/show_inspection.hpp"
#include "ctl/yaml_text.hpp"

namespace kms_secretd::ctl {
namespace {

namespace json = boost::json;
using Words = std::vector<std::string>;
using Show = void (*)(Screen&, json::object const&);

Words daemonWords(Options const& options, std::string const& config, Words words) {
  words.insert(words.end(), {"--config", config});
  if (!options.pluginDir.empty()) words.insert(words.end(), {"--plugin-dir", options.pluginDir});
  return words;
}

int checkConfig(Options const& options, std::string const& file) {
  return runDaemon(options.daemon, daemonWords(options, file, {"--check-config"}));
}

// What is no document was an error, and is said on standard error already.
int showReport(Options const& options, DaemonRun const& run, Show show) {
  boost::system::error_code error;
  auto const value = json::parse(run.output, error);
  if (error || !value.is_object()) return std::max(run.code, exitNotWell);
  std::string text;
  if (options.output == "json") {
    text = run.output;
  } else if (options.output == "yaml") {
    text = yamlText(value);
  } else {
    Screen screen(wantsColour(STDOUT_FILENO));
    show(screen, value.get_object());
    text = screen.text();
  }
  (void)std::fwrite(text.data(), 1, text.size(), stdout);
  return run.code;
}

}  // namespace

int runValidate(Options const& options) {
  if (options.files.empty()) return checkConfig(options, options.config);
  int worst = exitGood;
  for (auto const& file : options.files) worst = std::max(worst, checkConfig(options, file));
  return worst;
}

int runRbac(Options const& options) {
  Words words{"--print-rbac"};
  if (!options.cluster.empty()) words.insert(words.end(), {"--cluster", options.cluster});
  return runDaemon(options.daemon, daemonWords(options, options.config, std::move(words)));
}

int runRender(Options const& options) {
  Words words{"--render", options.target};
  if (options.showValues) words.emplace_back("--show-values");
  return runDaemon(options.daemon, daemonWords(options, options.config, std::move(words)));
}

int runDoctor(Options const& options) {
  return showReport(
      options, captureDaemon(options.daemon, daemonWords(options, options.config, {"--doctor"})),
      showDoctor);
}

int runPlan(Options const& options) {
  if (!options.plan.offline) {
    if (auto made = planOverSocket(options.client(), options.plan)) {
      if (made->document.empty()) return made->code;
      return showReport(options, {.code = made->code, .output = std::move(made->document)},
                        showPlan);
    }
    if (options.plan.inForce) throw NotRunning("no daemon runs, so no configuration is in force");
    std::fprintf(stderr,
                 "kms-secretctl: no daemon listens at %s; this is judged offline, by the daemon's "
                 "own program\n",
                 options.socket.c_str());
  }
  Words words{"--plan"};
  for (auto const& target : options.plan.targets) words.insert(words.end(), {"--target", target});
  return showReport(
      options,
      captureDaemon(options.daemon, daemonWords(options, options.config, std::move(words))),
      showPlan);
}

}  // namespace kms_secretd::ctl

// SPDX-License-Identifier: Apache-2.0
// kms-secretctl: the only file that sees CLI11, and the only catch-all.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <exception>
#include <functional>
#include <map>

#include "ctl/build_info.hpp"
#include "ctl/commands.hpp"
#include "ctl/completion.hpp"
#include "ctl/exit_codes.hpp"

namespace {

using namespace kms_secretd::ctl;
using Run = std::function<int(Options const&)>;

/// The command line: what it declares is what help and completion show.
class CommandLine {
 public:
  CommandLine();

  int run(int argc, char** argv);

 private:
  CLI::App* add(char const* name, char const* help, Run run);
  void addOutput(CLI::App* command);
  void addAsking();
  void addSync();
  void addApprove();
  void addChecking();
  CLI::App* addPlan();
  void addKubeconfig();
  void addCompletion();
  [[nodiscard]] int plan(Options options) const;
  [[nodiscard]] int printCompletion() const;

  Options options_{
      .socket = "/run/kms-secretd/control.sock",
      .daemon = installedDaemon,
      .config = "/etc/kms-secretd/kms-secretd.toml",
      .login = {.admin = "/etc/kubernetes/admin.conf", .out = "/etc/kubernetes/kms-secretd.conf"}};
  CLI::App app_{"kms-secretctl looks after kms-secretd", "kms-secretctl"};
  std::map<CLI::App const*, Run> runs_{};
  int waitSeconds_ = 120;
  int loginSeconds_ = 60;
  int planSeconds_ = 600;
};

CommandLine::CommandLine() {
  app_.require_subcommand(1);
  app_.fallthrough();
  app_.add_option("--socket", options_.socket, "the daemon's control socket")
      ->envname("KMS_SECRETD_SOCKET")
      ->capture_default_str();
  addAsking();
  addSync();
  addApprove();
  addChecking();
  addKubeconfig();
  addCompletion();
  app_.footer(
      "Exit codes: 0 all is well; 1 something is not; 2 the command line makes no sense; "
      "3 the daemon\ncannot be asked. The manual is kms-secretctl(1).");
}

CLI::App* CommandLine::add(char const* name, char const* help, Run run) {
  auto* const command = app_.add_subcommand(name, help);
  runs_[command] = std::move(run);
  return command;
}

void CommandLine::addOutput(CLI::App* command) {
  command->add_option("-o,--output", options_.output, "table, json or yaml")
      ->check(CLI::IsMember({"table", "json", "yaml"}))
      ->capture_default_str();
}

void CommandLine::addAsking() {
  auto* const status = add("status", "how the daemon is, and what is not well", runStatus);
  auto* const list = add("list", "every secret, its state and its next round", runList);
  auto* const describe = add("describe", "all that is known of one secret", runDescribe);
  describe->add_option("secret", options_.target, "[CLUSTER:]NAMESPACE/NAME")->required();
  for (auto* const command : {status, describe}) addOutput(command);
  list->add_option("-o,--output", options_.output, "table, json, yaml, or name (one a line)")
      ->check(CLI::IsMember({"table", "json", "yaml", "name"}))
      ->capture_default_str();
}

void CommandLine::addSync() {
  auto* const sync = add("sync", "read and compare now instead of at the next round",
                         [this](Options const& options) {
                           auto wish = options.sync;
                           wish.longest = std::chrono::seconds(waitSeconds_);
                           return runSync(options.client(), wish);
                         });
  auto* const what = sync->add_option_group("what", "exactly one of");
  what->set_help_flag();  // the command has it
  what->add_option("secret", options_.sync.target, "[CLUSTER:]NAMESPACE/NAME");
  what->add_option("--store", options_.sync.store, "all that read from this store");
  what->add_flag("--all", options_.sync.all, "all secrets");
  what->require_option(1);
  sync->add_flag("--wait", options_.sync.wait, "until the rounds have ended; exit 1 if one failed");
  sync->add_option("--timeout", waitSeconds_, "longest wait, in seconds")
      ->check(CLI::Range(1, 86'400))
      ->capture_default_str();
}

void CommandLine::addApprove() {
  auto* const approve =
      add("approve", "let a change through that is held for it takes much at once",
          [](Options const& options) { return runApprove(options.client(), options.approve); });
  auto* const what = approve->add_option_group("what", "exactly one of");
  what->set_help_flag();  // the command has it
  what->add_option("secret", options_.approve.target, "NAMESPACE/NAME");
  what->add_flag("--deletions", options_.approve.deletions,
                 "the deletion of Secrets whose definition is gone");
  what->require_option(1);
}

void CommandLine::addChecking() {
  auto* const validate =
      add("validate", "check a configuration as the daemon will load it", runValidate);
  validate->add_option("files", options_.files, "main files; left out: --config");
  auto* const rbac = add("rbac", "print the rights that the configuration needs", runRbac);
  auto* const render = add("render", "the keys that a secret would have, offline", runRender);
  render->add_option("secret", options_.target, "[CLUSTER:]NAMESPACE/NAME")->required();
  render->add_flag("--show-values", options_.showValues, "and their values, on a terminal only");
  auto* const doctor = add("doctor", "look at all that the daemon stands on", runDoctor);
  auto* const plan = addPlan();
  for (auto* const command : {doctor, plan}) addOutput(command);
  for (auto* const command : {validate, rbac, render, doctor, plan}) {
    command->add_option("--config", options_.config, "configuration file")->capture_default_str();
    command->add_option("--daemon", options_.daemon, "the daemon's program")->capture_default_str();
    command->add_option("--plugin-dir", options_.pluginDir,
                        "its plugins, where they are not the installed ones");
  }
  rbac->add_option("--cluster", options_.cluster, "only the rights in this one of several");
  auto* const import =
      add("import", "turn ack-secret-manager's manifests into a configuration", runImport);
  import->add_option("files", options_.files, "YAML files; - is standard input");
  import->add_flag("--from-cluster", options_.fromCluster, "list them in the cluster instead");
  import->add_option("--admin", options_.login.admin, "kubeconfig of somebody who may list them")
      ->envname("KUBECONFIG")
      ->capture_default_str();
  import->add_option("--context", options_.login.context,
                     "context of that; left out: the current one");
  import->add_option("--namespace", options_.namespaceName, "only those of this namespace");
  add("version", "the versions of this program and of the running daemon", runVersion);
}

CLI::App* CommandLine::addPlan() {
  auto* const command = add("plan", "what the next round would do; writes nothing",
                            [this](Options const& options) { return plan(options); });
  command->add_option("secrets", options_.plan.targets,
                      "[CLUSTER:]NAMESPACE/NAME each; left out: all");
  auto* const inForce = command->add_flag("--in-force", options_.plan.inForce,
                                          "by the configuration in force, not the one on disk");
  command
      ->add_flag("--offline", options_.plan.offline,
                 "by the daemon's program, not by the running daemon")
      ->excludes(inForce);
  command->add_option("--timeout", planSeconds_, "longest wait for the running daemon, in seconds")
      ->check(CLI::Range(1, 3'600))
      ->capture_default_str();
  return command;
}

// Who names a configuration, a program or its plugins means those, not the daemon that runs.
int CommandLine::plan(Options options) const {
  auto const* const command = app_.get_subcommands().front();
  for (auto const* name : {"--config", "--daemon", "--plugin-dir"}) {
    options.plan.offline = options.plan.offline || command->count(name) > 0;
  }
  if (options.plan.offline && options.plan.inForce) {
    std::fprintf(stderr, "kms-secretctl: only the running daemon knows what is in force\n");
    return exitUsage;
  }
  options.plan.longest = std::chrono::seconds(planSeconds_);
  return runPlan(options);
}

void CommandLine::addKubeconfig() {
  auto* const command =
      add("kubeconfig", "make the daemon's login to the cluster", [this](Options const& options) {
        auto mine = options;
        mine.login.longest = std::chrono::seconds(loginSeconds_);
        return runKubeconfig(mine);
      });
  auto& login = options_.login;
  command->add_option("way", login.way, "certificate, or token (of a ServiceAccount)")
      ->required()
      ->check(CLI::IsMember({"certificate", "token"}));
  command->add_option("--admin", login.admin, "kubeconfig of somebody who may set it up")
      ->envname("KUBECONFIG")
      ->capture_default_str();
  command->add_option("--context", login.context, "context of that; left out: the current one");
  command->add_option("--out", login.out, "the kubeconfig to write")->capture_default_str();
  command->add_option("--directory", login.directory,
                      "where client.key and client.crt, or token, go");
  command->add_option("--user", login.user, "certificate: the user's name")->capture_default_str();
  command->add_option("--service-account", login.account, "token: NAMESPACE/NAME")
      ->check([](std::string const& text) {
        return std::ranges::count(text, '/') == 1 ? std::string() : "is not NAMESPACE/NAME";
      })
      ->capture_default_str();
  command->add_flag("--approve", login.approve, "certificate: approve the request, too");
  command->add_option("--timeout", loginSeconds_, "certificate: longest wait for it, in seconds")
      ->check(CLI::Range(1, 86'400))
      ->capture_default_str();
}

void CommandLine::addCompletion() {
  auto* const completion = add("completion", "print a completion script",
                               [this](Options const&) { return printCompletion(); });
  completion->add_option("shell", options_.shell, "bash, zsh or fish")
      ->required()
      ->check(CLI::IsMember({"bash", "zsh", "fish"}));
}

int CommandLine::printCompletion() const {
  std::vector<CommandWords> commands;
  for (auto const* command : app_.get_subcommands({})) {
    CommandWords words{.name = {.text = command->get_name(), .help = command->get_description()}};
    words.takesTarget = words.name.text == "describe" || words.name.text == "sync" ||
                        words.name.text == "render" || words.name.text == "plan" ||
                        words.name.text == "approve";
    words.takesFiles = words.name.text == "validate" || words.name.text == "import";
    if (words.name.text == "kubeconfig") words.choices = {"certificate", "token"};
    if (words.name.text == "completion") words.choices = {"bash", "zsh", "fish"};
    auto const addOptions = [&words](CLI::App const& app) {
      for (auto const* option : app.get_options()) {
        if (option->get_lnames().empty()) continue;
        words.options.push_back(
            {.text = "--" + option->get_lnames().front(), .help = option->get_description()});
      }
    };
    addOptions(*command);
    for (auto const* group : command->get_subcommands({})) addOptions(*group);
    commands.push_back(std::move(words));
  }
  auto const script = completionScript(options_.shell, commands);
  return script && std::fputs(script->c_str(), stdout) >= 0 ? exitGood : exitNotWell;
}

int CommandLine::run(int argc, char** argv) {
  try {
    app_.parse(argc, argv);
  } catch (CLI::ParseError const& error) {
    return app_.exit(error) == 0 ? exitGood : exitUsage;
  }
  return runs_.at(app_.get_subcommands().front())(options_);
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return CommandLine().run(argc, argv);
  } catch (Unreachable const& error) {
    std::fprintf(stderr, "kms-secretctl: %s\n", error.what());
    return exitUnreachable;
  } catch (std::exception const& error) {
    std::fprintf(stderr, "kms-secretctl: %s\n", error.what());
    return exitUnreachable;
  }
}

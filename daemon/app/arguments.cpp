// SPDX-License-Identifier: Apache-2.0
#include "app/arguments.hpp"

#include <getopt.h>

#include <array>

namespace kms_secretd::app {
namespace {

constexpr std::array options{
    option{"config", required_argument, nullptr, 'c'},
    option{"plugin-dir", required_argument, nullptr, 'p'},
    option{"foreground", no_argument, nullptr, 'f'},
    option{"check-config", no_argument, nullptr, 'k'},
    option{"online", no_argument, nullptr, 'n'},
    option{"once", no_argument, nullptr, 'o'},
    option{"print-rbac", no_argument, nullptr, 'r'},
    option{"cluster", required_argument, nullptr, 'l'},
    option{"render", required_argument, nullptr, 'd'},
    option{"show-values", no_argument, nullptr, 's'},
    option{"doctor", no_argument, nullptr, 'D'},
    option{"plan", no_argument, nullptr, 'P'},
    option{"target", required_argument, nullptr, 't'},
    option{"version", no_argument, nullptr, 'v'},
    option{"help", no_argument, nullptr, 'h'},
    option{nullptr, 0, nullptr, 0},
};

void setMode(Arguments& arguments, Mode mode) {
  if (arguments.mode != Mode::run && arguments.mode != mode) {
    throw UsageError(
        "--check-config, --once, --print-rbac, --render, --doctor, --plan, --version and --help "
        "exclude each other");
  }
  arguments.mode = mode;
}

void take(Arguments& arguments, int flag) {
  switch (flag) {
    case 'c':
      arguments.config = optarg;
      break;
    case 'p':
      arguments.pluginDir = optarg;
      break;
    case 'f':
      arguments.foreground = true;
      break;
    case 'k':
      setMode(arguments, Mode::check_config);
      break;
    case 'n':
      arguments.online = true;
      break;
    case 'o':
      setMode(arguments, Mode::once);
      break;
    case 'r':
      setMode(arguments, Mode::print_rbac);
      break;
    case 'l':
      arguments.cluster = optarg;
      break;
    case 'd':
      setMode(arguments, Mode::render);
      arguments.definition = optarg;
      break;
    case 's':
      arguments.showValues = true;
      break;
    case 'D':
      setMode(arguments, Mode::doctor);
      break;
    case 'P':
      setMode(arguments, Mode::plan);
      break;
    case 't':
      arguments.targets.emplace_back(optarg);
      break;
    case 'v':
      setMode(arguments, Mode::version);
      break;
    case 'h':
      setMode(arguments, Mode::help);
      break;
    default:
      break;
  }
}

}  // namespace

Arguments parseArguments(int argc, char* const* argv) {
  Arguments arguments;
  opterr = 0;
  optind = 0;
  int flag = 0;
  while ((flag = getopt_long(argc, argv, ":", options.data(), nullptr)) != -1) {
    auto const at = static_cast<std::size_t>(optind - 1);
    if (flag == ':') throw UsageError(std::string(argv[at]) + " needs a value; see --help");
    if (flag == '?') throw UsageError("unknown flag " + std::string(argv[at]) + "; see --help");
    take(arguments, flag);
  }
  if (optind < argc) {
    throw UsageError("'" + std::string(argv[optind]) + "' is not a flag; see --help");
  }
  if (arguments.showValues && arguments.mode != Mode::render) {
    throw UsageError("--show-values belongs to --render");
  }
  if (!arguments.targets.empty() && arguments.mode != Mode::plan) {
    throw UsageError("--target belongs to --plan");
  }
  if (arguments.online && arguments.mode != Mode::check_config) {
    throw UsageError("--online belongs to --check-config; see --help");
  }
  if (!arguments.cluster.empty() && arguments.mode != Mode::print_rbac) {
    throw UsageError("--cluster belongs to --print-rbac; see --help");
  }
  return arguments;
}

std::string usage() {
  return R"(kms-secretd keeps Kubernetes Secrets equal to secrets in Alibaba Cloud KMS.

  kms-secretd [--config FILE] [--plugin-dir DIR] [--foreground] [MODE]

  --config FILE      configuration; conf.d/*.toml beside it belongs to it
                     (default /etc/kms-secretd/kms-secretd.toml)
  --plugin-dir DIR   load backends from DIR instead of the installed ones
  --foreground       write lines to the terminal instead of the journal

Modes (default: run until SIGTERM; SIGHUP reloads the configuration)
  --check-config     check the configuration offline; exit 0 if it is good
    --online         then also ask each store: who we are, until when, whether the clocks agree and
                     whether its secrets may be read; nothing is written
  --once             sync everything once; exit 0 only if every Secret is in sync
  --print-rbac       print the exact rights that the configuration needs in the cluster, as
                     manifests for kubectl apply -f; they are bound to the user kms-secretd
    --cluster NAME   only those in this one of several clusters
  --render [CLUSTER:]NAMESPACE/NAME
                     print the keys that the Secret would have, with their lengths, offline: values
                     of stores with the backend file are read, others are taken from standard input
                     (the bytes of the only one, or a JSON object {"store/name": "value"});
                     --show-values prints them, too, to a terminal only
  --doctor           look at everything that the daemon stands on, and print what was found as
                     JSON; kms-secretctl doctor shows it
  --plan             print as JSON what the next round would do with each Secret, by names of keys;
                     nothing is written; kms-secretctl plan shows it
    --target NAMESPACE/NAME
                     only that one; may be given several times
  --version          print the version
  --help             print this
)";
}

}  // namespace kms_secretd::app

// SPDX-License-Identifier: Apache-2.0
#include <sys/prctl.h>
#include <unistd.h>
#include <charconv>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <iostream>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>

#include "emulator/emulator.hpp"

namespace {

using kms_secretd::emulator::Emulator;
using kms_secretd::emulator::Options;

constexpr std::string_view kUsage =
    R"(kms-emulator: a KMS on loopback for tests; tests/emulator/README.md describes it

  --state-dir DIR     where ca.pem is written (needed)
  --port N            KMS port (0: the kernel chooses)
  --control-port N    control port (0: the kernel chooses)
  --host-name NAME    one more name in the server certificate; repeatable
  --no-loopback-names do not put localhost and 127.0.0.1 into it
  --server-days N     how long it is valid; negative: it expired that long ago (730)
  --private-ca        an intermediate CA below the root, as the KMS instances have
  --leaf-only         with --private-ca: do not send the intermediate
  --die-with-parent   end when the thread that started this program ends
  --help
)";

std::uint16_t readPort(std::string_view text) {
  std::uint16_t port = 0;
  const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (error != std::errc{} || stop != text.data() + text.size()) {
    throw std::runtime_error("not a port: " + std::string(text));
  }
  return port;
}

// Options that take a value.
void readOption(Options& options, std::string_view name, std::string_view value) {
  if (name == "--state-dir") {
    options.stateDir = value;
  } else if (name == "--port") {
    options.port = readPort(value);
  } else if (name == "--control-port") {
    options.controlPort = readPort(value);
  } else if (name == "--host-name") {
    options.identity.hostNames.emplace_back(value);
  } else if (name == "--server-days") {
    options.identity.days = std::stol(std::string(value));
  } else {
    throw std::runtime_error("unknown option " + std::string(name) + ", try --help");
  }
}

// Options without a value; false if it is none of them.
bool readSwitch(Options& options, std::string_view name) {
  if (name == "--die-with-parent") {
    options.dieWithParent = true;
  } else if (name == "--no-loopback-names") {
    options.identity.loopbackNames = false;
  } else if (name == "--private-ca") {
    options.identity.privateCa = true;
  } else if (name == "--leaf-only") {
    options.identity.sendIntermediate = false;
  } else {
    return false;
  }
  return true;
}

Options readOptions(std::span<char*> args) {
  Options options;
  for (std::size_t i = 0; i < args.size(); ++i) {
    const std::string_view name = args[i];
    if (readSwitch(options, name)) continue;
    if (i + 1 == args.size()) throw std::runtime_error(std::string(name) + " needs a value");
    readOption(options, name, args[++i]);
  }
  if (options.stateDir.empty()) throw std::runtime_error("--state-dir is needed");
  return options;
}

// Threads inherit the blocked signals; only awaitStop() takes them.
sigset_t blockSignals() {
  std::signal(SIGPIPE, SIG_IGN);
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGTERM);
  sigaddset(&set, SIGINT);
  sigaddset(&set, SIGHUP);
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
  return set;
}

void followParent(pid_t parent) {
  prctl(PR_SET_PDEATHSIG, SIGTERM);
  // The parent may have died before prctl took effect.
  if (getppid() != parent) raise(SIGTERM);
}

void awaitStop(const sigset_t& set) {
  int signal = 0;
  while (sigwait(&set, &signal) != 0) {
  }
}

int run(std::span<char*> args) {
  const pid_t parent = getppid();
  const Options options = readOptions(args);
  const sigset_t stopSignals = blockSignals();
  if (options.dieWithParent) followParent(parent);
  const Emulator emulator(options);
  std::cout << emulator.readyLine() << std::endl;
  awaitStop(stopSignals);
  return EXIT_SUCCESS;
}

}  // namespace

int main(int argc, char** argv) {
  const std::span<char*> args(argv + 1, argc > 0 ? static_cast<std::size_t>(argc - 1) : 0U);
  for (const std::string_view arg : args) {
    if (arg != "--help") continue;
    std::cout << kUsage;
    return EXIT_SUCCESS;
  }
  try {
    return run(args);
  } catch (const std::exception& error) {
    std::cerr << "kms-emulator: " << error.what() << '\n';
    return EXIT_FAILURE;
  }
}

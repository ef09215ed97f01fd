// SPDX-License-Identifier: Apache-2.0
// kube-api-double: the in-tree double of a Kubernetes API server as a program.
#include <signal.h>
#include <unistd.h>

#include <boost/json.hpp>

#include <charconv>
#include <cstring>
#include <exception>
#include <iostream>
#include <string>

#include "fakes/kube_double/kube_double.hpp"

namespace {

using kms_secretd::fakes::kube::KubeDouble;
using kms_secretd::fakes::kube::KubeDoubleOptions;

constexpr char const* usage =
    "usage: kube-api-double [--plain-http] [--port N] [--dir DIR]\n"
    "Serves a small Kubernetes API on 127.0.0.1 until SIGTERM or SIGINT. Prints one line of JSON\n"
    "when it is ready: {\"server\": ..., \"kubeconfig\": ..., \"pid\": ...}. Without --dir keys "
    "and\n"
    "kubeconfig live in a temporary directory that goes when it stops.\n";

bool readPort(char const* text, std::uint16_t& port) {
  auto const* end = text + std::strlen(text);
  auto const result = std::from_chars(text, end, port);
  return result.ec == std::errc{} && result.ptr == end;
}

/// False where the arguments make no sense.
bool readArguments(int argc, char** argv, KubeDoubleOptions& options) {
  for (int i = 1; i < argc; ++i) {
    std::string const argument = argv[i];
    if (argument == "--plain-http") {
      options.plainHttp = true;
    } else if (argument == "--port" && i + 1 < argc) {
      if (!readPort(argv[++i], options.port)) return false;
    } else if (argument == "--dir" && i + 1 < argc) {
      options.directory = argv[++i];
    } else {
      return false;
    }
  }
  return true;
}

void serveUntilSignalled(KubeDoubleOptions const& options) {
  // Blocked before the first thread starts, so that all threads leave them to sigwait.
  sigset_t stopSignals;
  sigemptyset(&stopSignals);
  sigaddset(&stopSignals, SIGTERM);
  sigaddset(&stopSignals, SIGINT);
  pthread_sigmask(SIG_BLOCK, &stopSignals, nullptr);
  KubeDouble const server(options);
  std::cout << boost::json::serialize(boost::json::object{{"server", server.server()},
                                                          {"kubeconfig", server.kubeconfig()},
                                                          {"pid", ::getpid()}})
            << std::endl;
  int received = 0;
  sigwait(&stopSignals, &received);
}

}  // namespace

int main(int argc, char** argv) {
  KubeDoubleOptions options;
  if (!readArguments(argc, argv, options)) {
    std::cerr << usage;
    return 2;
  }
  try {
    serveUntilSignalled(options);
  } catch (std::exception const& error) {
    std::cerr << "kube-api-double: " << error.what() << "\n";
    return 1;
  }
  return 0;
}

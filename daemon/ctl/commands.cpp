// SPDX-License-Identifier: Apache-2.0
#include "ctl/commands.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <cstdio>
#include <utility>

#include "ctl/build_info.hpp"
#include "ctl/exit_codes.hpp"
#include "ctl/import.hpp"
#include "ctl/import_cluster.hpp"
#include "ctl/screen.hpp"
#include "ctl/show.hpp"
#include "ctl/yaml_text.hpp"
#include "platform/files.hpp"

namespace kms_secretd::ctl {
namespace {

namespace json = boost::json;
using Show = void (*)(Screen&, json::object const&);

constexpr std::size_t maxManifestBytes = 64UL * 1024 * 1024;

void print(std::string const& text) { (void)std::fwrite(text.data(), 1, text.size(), stdout); }

// As the daemon answered, so that scripts see what docs/control-api.md says.
void printReply(Options const& options, Reply const& reply, json::object const& object, Show show) {
  if (options.output == "json") return print(reply.body);
  if (options.output == "yaml") return print(yamlText(object));
  Screen screen(wantsColour(STDOUT_FILENO));
  show(screen, object);
  print(screen.text());
}

sdk::Result<std::string> standardInput() {
  std::string text;
  std::array<char, 16 * 1024> bytes{};
  while (auto const got = std::fread(bytes.data(), 1, bytes.size(), stdin)) {
    text.append(bytes.data(), got);
    if (text.size() > maxManifestBytes) {
      return sdk::Failure{.kind = sdk::FailureKind::invalid_request,
                          .message = "standard input is over 64 MiB"};
    }
  }
  return text;
}

int refused(Reply const& reply) {
  std::fprintf(stderr, "kms-secretctl: %s\n", printable(reply.error()).c_str());
  return exitNotWell;
}

std::vector<ManifestFile> manifestsFor(Options const& options) {
  if (options.fromCluster) {
    ClusterClient cluster(options.login.admin, options.login.context);
    return manifestsIn(cluster, options.namespaceName);
  }
  std::vector<ManifestFile> files;
  for (auto const& name : options.files) {
    auto text = name == "-" ? standardInput() : platform::readTextFile(name, maxManifestBytes);
    if (!text.ok()) throw ImportError(text.failure().message);
    files.push_back({.name = name, .text = std::move(text).value()});
  }
  return files;
}

}  // namespace

int runStatus(Options const& options) {
  auto const reply = options.client().get("/v1/status");
  if (reply.status != 200) return refused(reply);
  auto const status = reply.json();
  printReply(options, reply, status, showStatus);
  return allWell(status) ? exitGood : exitNotWell;
}

int runList(Options const& options) {
  auto const reply = options.client().get("/v1/targets");
  if (reply.status != 200) return refused(reply);
  auto const targets = reply.json();
  if (options.output != "name") {
    printReply(options, reply, targets, showList);
    return exitGood;
  }
  for (auto const& each : targets.at("targets").as_array()) {
    auto const& target = each.as_object();
    print(printable(idText(target)) + "\n");
  }
  return exitGood;
}

int runDescribe(Options const& options) {
  auto const plain = std::ranges::all_of(options.target, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '/' ||
           c == ':';
  });
  if (!plain || std::ranges::count(options.target, '/') != 1) {
    std::fprintf(stderr, "kms-secretctl: a secret is named [CLUSTER:]NAMESPACE/NAME\n");
    return exitUsage;
  }
  auto const reply = options.client().get("/v1/targets/" + options.target);
  if (reply.status != 200) return refused(reply);
  printReply(options, reply, reply.json(), showTarget);
  return exitGood;
}

int runImport(Options const& options) {
  if (options.files.empty() == !options.fromCluster) {
    std::fprintf(stderr, "kms-secretctl: import wants files, or --from-cluster\n");
    return exitUsage;
  }
  try {
    auto const imported = importManifests(manifestsFor(options));
    print(imported.toml);
    std::fflush(stdout);  // before the notes, where both go to one place
    for (auto const& note : imported.notes) {
      std::fprintf(stderr, "look: %s\n", printable(note).c_str());
    }
    std::fprintf(stderr, "%zu secrets and %zu stores, %zu things to look at\n", imported.secrets,
                 imported.stores, imported.notes.size());
    return imported.secrets > 0 ? exitGood : exitNotWell;
  } catch (std::exception const& error) {
    std::fprintf(stderr, "kms-secretctl: %s\n", printable(error.what()).c_str());
    return exitNotWell;
  }
}

int runKubeconfig(Options const& options) {
  try {
    return makeLogin(options.login);
  } catch (std::exception const& error) {
    std::fprintf(stderr, "kms-secretctl: %s\n", printable(error.what()).c_str());
    return exitNotWell;
  }
}

int runVersion(Options const& options) {
  std::printf("kms-secretctl %s\n", buildVersion);
  try {
    auto const status = options.client().get("/v1/status").json();
    std::printf("kms-secretd %s (running)\n", printable(textOf(status, "version")).c_str());
  } catch (Unreachable const&) {
    std::printf("kms-secretd is not running, or may not be asked\n");
  }
  return exitGood;
}

}  // namespace kms_secretd::ctl

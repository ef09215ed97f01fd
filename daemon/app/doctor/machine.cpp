// SPDX-License-Identifier: Apache-2.0
#include "app/doctor/machine.hpp"

#include <pwd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <system_error>

#include "kube/kubeconfig.hpp"

namespace kms_secretd::app::doctor {
namespace {

constexpr ::mode_t othersRead = 0004;
constexpr ::mode_t othersWrite = 0002;

void addOnce(std::vector<HostFile>& files, std::string path, bool secret) {
  auto const known =
      std::ranges::any_of(files, [&](auto const& each) { return each.path == path; });
  if (!path.empty() && !known) files.push_back({.path = std::move(path), .secret = secret});
}

// The files of all secrets in a store's options, whatever the options are called.
void collect(std::vector<sdk::OptionValue const*> const& values, std::vector<HostFile>& files) {
  for (auto const* value : values) {
    if (auto const* ref = std::get_if<sdk::SecretRef>(&value->variant())) {
      if (ref->kind == sdk::SecretRef::Kind::file) addOnce(files, ref->value, true);
    }
  }
}

// By convention of the plugins secrets stand at the top of a store, in `auth`, and in what that is
// made of.
void collectIn(sdk::Options const& options, std::vector<HostFile>& files) {
  for (auto const* name : {"id", "secret", "token", "file", "client_key", "client_key_password",
                           "private_key", "client_certificate"}) {
    if (auto const* value = options.find(name)) collect({value}, files);
  }
  for (auto const* name : {"auth", "base", "members"}) {
    auto const* inner = options.find(name);
    auto const* tables =
        inner == nullptr ? nullptr : std::get_if<std::vector<sdk::Options>>(&inner->variant());
    if (tables == nullptr) continue;
    for (auto const& table : *tables) collectIn(table, files);
  }
}

// The kubeconfig is a secret only where it holds one itself.
void addLogin(core::ClusterConfig const& cluster, std::vector<HostFile>& files) {
  try {
    auto const login = kube::loadKubeconfig(cluster.kubeconfig, cluster.context);
    addOnce(files, cluster.kubeconfig, !login.clientKey.text.empty() || !login.token.text.empty());
    addOnce(files, login.clientKey.path, true);
    addOnce(files, login.token.path, true);
  } catch (kube::KubeconfigError const&) {
    addOnce(files, cluster.kubeconfig, true);
  }
}

bool mayRead(platform::FileFacts const& facts, ServiceUser const& user) {
  if (facts.owner == user.uid) return (facts.mode & 0400U) != 0;
  if (facts.group == user.gid) return (facts.mode & 0040U) != 0;
  return (facts.mode & othersRead) != 0;
}

Finding badFile(std::string what, std::string remedy) {
  return {
      .level = Level::bad, .check = "files", .what = std::move(what), .remedy = std::move(remedy)};
}

}  // namespace

std::optional<ServiceUser> serviceUser() {
  ServiceUser user;
  std::array<char, 4096> buffer{};
  passwd entry{};
  passwd* found = nullptr;
  ::getpwnam_r(user.name.c_str(), &entry, buffer.data(), buffer.size(), &found);
  if (found == nullptr) return std::nullopt;
  user.uid = entry.pw_uid;
  user.gid = entry.pw_gid;
  return user;
}

std::vector<HostFile> filesOf(std::string const& mainFile, core::Config const& config) {
  std::vector<HostFile> files;
  addOnce(files, mainFile, false);
  std::error_code ignored;
  auto const parts = std::filesystem::path(mainFile).parent_path() / "conf.d";
  for (auto const& entry : std::filesystem::directory_iterator(parts, ignored)) {
    if (entry.path().extension() == ".toml") addOnce(files, entry.path().string(), false);
  }
  for (auto const& [name, cluster] : config.clusters) addLogin(cluster, files);
  for (auto const& [name, store] : config.stores) collectIn(store.options, files);
  return files;
}

std::optional<Finding> judgeFile(HostFile const& file, platform::FileFacts const& facts,
                                 std::optional<ServiceUser> const& user) {
  if ((facts.mode & othersWrite) != 0) {
    return badFile(file.path + " may be written by everybody", "chmod o-w " + file.path);
  }
  if (file.secret && (facts.mode & othersRead) != 0) {
    return badFile(file.path + " may be read by everybody",
                   "chown root:kms-secretd " + file.path + " && chmod 0640 " + file.path);
  }
  if (user && !mayRead(facts, *user)) {
    return badFile(file.path + " may not be read by the daemon's user " + user->name,
                   "chgrp " + user->name + ' ' + file.path + " && chmod 0640 " + file.path);
  }
  auto const trusted =
      facts.owner == 0 || facts.owner == ::geteuid() || (user && facts.owner == user->uid);
  if (trusted) return std::nullopt;
  return Finding{.level = Level::warning,
                 .check = "files",
                 .what = file.path + " belongs to user " + std::to_string(facts.owner) +
                         ", who may change what the daemon does",
                 .remedy = "chown root " + file.path};
}

void lookAtFiles(std::vector<HostFile> const& files, Findings& findings) {
  auto const user = serviceUser();
  std::size_t good = 0;
  for (auto const& file : files) {
    auto const facts = platform::inspectFile(file.path);
    if (!facts.ok()) {
      findings.add(badFile(facts.failure().message, "write it, or correct the configuration"));
    } else if (auto finding = judgeFile(file, facts.value(), user)) {
      findings.add(std::move(*finding));
    } else {
      ++good;
    }
  }
  if (good == 0) return;
  findings.good("files", std::to_string(good) + (good == 1 ? " file is" : " files are") +
                             " closed to others and open to the daemon");
}

void judgeMemory(MemoryFacts const& facts, Findings& findings) {
  if (!facts.pid) {
    return findings.add({.level = Level::hint,
                         .check = "memory",
                         .what = std::string("no daemon runs that could be looked at; this host ") +
                                 (facts.swap ? "has swap" : "has no swap"),
                         .remedy = "look again when it runs"});
  }
  auto const who = "the daemon (process " + std::to_string(*facts.pid) + ")";
  if (facts.locked) {
    findings.good("memory", who + " has its memory locked");
  } else {
    findings.add({.level = facts.swap ? Level::bad : Level::warning,
                  .check = "memory",
                  .what = who + " has no locked memory" +
                          (facts.swap ? ", and this host has swap that secrets may reach" : ""),
                  .remedy = "LimitMEMLOCK=infinity in its unit, as the installed one has"});
  }
  if (!facts.coresPossible) return findings.good("memory", who + " leaves no core dump");
  findings.add({.level = Level::bad,
                .check = "memory",
                .what = who + " would leave a core dump with secrets in it",
                .remedy = "LimitCORE=0 in its unit, as the installed one has"});
}

}  // namespace kms_secretd::app::doctor

// SPDX-License-Identifier: Apache-2.0
#include "app/online_check.hpp"

#include <algorithm>
#include <chrono>
#include <set>
#include <thread>

#include "app/version_gate.hpp"

namespace kms_secretd::app {
namespace {

using namespace std::chrono_literals;

constexpr sdk::Milliseconds clockTolerance = 1min;  // the service tolerates 15

std::vector<std::string> namesReadFrom(core::Config const& config, std::string const& store) {
  std::set<std::string> names;
  for (auto const& target : config.targets) {
    for (auto const& source : target->reads()) {
      if (source.store == store) names.insert(source.name);
    }
  }
  return {names.begin(), names.end()};
}

std::string inSeconds(sdk::Milliseconds time) { return std::to_string(time / 1s) + " s"; }

std::string lastingFor(sdk::Milliseconds time) {
  if (time >= 48h) return std::to_string(time / 24h) + " days";
  if (time >= 2h) return std::to_string(time / 1h) + " hours";
  if (time >= 2min) return std::to_string(time / 1min) + " minutes";
  return inSeconds(time);
}

// Deadline of one portion: each secret may take the store's timeout.
sdk::BootTime deadlineOf(core::StoreConfig const& store, std::size_t secrets, sdk::BootTime now) {
  return now + store.timeout * static_cast<sdk::Milliseconds::rep>(secrets + 1);
}

class Check {
 public:
  Check(core::StoreConfig const& store, sdk::Backend& backend, sdk::Clock const& clock,
        sdk::Cancellation const& stop)
      : store_(store), backend_(backend), clock_(clock), stop_(stop) {}

  StoreCheck run(std::vector<std::string> const& names) {
    auto const identity = ask(true, {});
    if (!identity.ok()) {
      say("there is no usable credential: " + identity.failure().message);
      return std::move(result_);
    }
    result_.lines.push_back(identityLine(store_.name, identity.value(), clock_.wall()));
    auto const portion =
        std::max<std::size_t>(1, static_cast<std::size_t>(store_.requestsPerSecond));
    for (std::size_t at = 0; at < names.size() && !stop_.requested(); at += portion) {
      auto const end = std::min(names.size(), at + portion);
      if (at != 0) std::this_thread::sleep_for(1s);
      if (!look({names.begin() + static_cast<std::ptrdiff_t>(at),
                 names.begin() + static_cast<std::ptrdiff_t>(end)})) {
        return std::move(result_);
      }
    }
    say(std::to_string(readable_) + " of " + std::to_string(names.size()) + " secrets may be read");
    result_.good = readable_ == names.size();
    return std::move(result_);
  }

 private:
  sdk::Result<sdk::ProbeReport> ask(bool wantsIdentity, std::vector<std::string> names) {
    auto const deadline = deadlineOf(store_, names.size(), clock_.boot());
    return backend_.probe({.wantsIdentity = wantsIdentity,
                           .names = std::move(names),
                           .deadline = deadline,
                           .cancellation = &stop_});
  }

  bool look(std::vector<std::string> names) {
    auto const report = ask(false, std::move(names));
    if (!report.ok()) {
      say("the credential is gone: " + report.failure().message);
      return false;
    }
    for (auto const& secret : report.value().secrets) {
      if (!secret.failure) ++readable_;
      if (secret.failure) say(secret.failure->message);
    }
    return true;
  }

  void say(std::string const& text) {
    result_.lines.push_back("store " + store_.name + ": " + text);
  }

  core::StoreConfig const& store_;
  sdk::Backend& backend_;
  sdk::Clock const& clock_;
  sdk::Cancellation const& stop_;
  StoreCheck result_{};
  std::size_t readable_ = 0;
};

}  // namespace

std::string identityLine(std::string const& store, sdk::ProbeReport const& report,
                         sdk::WallTime now) {
  auto line = "store " + store + ": ";
  line += report.identity.empty() ? "identity unknown (" + report.note + ')'
                                  : "we are " + report.identity;
  if (report.expiresAt) {
    auto const left = std::chrono::floor<sdk::Milliseconds>(*report.expiresAt - now);
    line += left > 0ms ? ", by a credential that lasts for " + lastingFor(left)
                       : ", by a credential that has ended";
  } else {
    line += ", by a credential without an end that is known";
  }
  if (!report.clockOffset) return line;
  auto const offset = std::chrono::abs(*report.clockOffset);
  if (offset < 2s) return line + "; the clocks agree";
  line += "; this host's clock is " + inSeconds(offset);
  line += *report.clockOffset > 0ms ? " behind" : " ahead of";
  line += " the service's";
  if (offset > clockTolerance) line += ": set it, for example with NTP";
  return line;
}

StoreCheck checkStore(core::Config const& config, std::string const& store, sdk::Backend& backend,
                      sdk::Clock const& clock, sdk::Cancellation const& stop) {
  return Check(config.stores.at(store), backend, clock, stop).run(namesReadFrom(config, store));
}

StoreCheck checkCluster(core::ClusterConfig const& cluster, kube::KubeClient& kube,
                        apply::KubeCall const& call) {
  auto const server = kube.connection()->server();
  auto const name = "cluster " + cluster.name + " at " + server;
  auto const answer = kube.serverVersion(call);
  if (auto const* failure = std::get_if<core::KubeFailure>(&answer)) {
    auto const untold = VersionGate::untold(*failure);
    auto const meaning = untold ? " does not tell its version, which must be Kubernetes 1.20 or "
                                  "newer: "
                                : ": ";
    return {.good = untold, .lines = {name + meaning + failure->message + ": " + failure->remedy}};
  }
  auto const& version = std::get<kube::ServerVersion>(answer);
  if (auto const refusal = kube::tooOld(version, cluster.name, server)) {
    return {.good = false, .lines = {refusal->message + ": " + refusal->remedy}};
  }
  auto const doubt = version.known() ? "" : ", a version that is not understood and is taken";
  return {.good = true, .lines = {name + ": Kubernetes " + version.text() + doubt}};
}

}  // namespace kms_secretd::app

// SPDX-License-Identifier: Apache-2.0
#include "app/doctor/cluster.hpp"

#include <algorithm>
#include <map>
#include <variant>

#include "app/doctor/stores.hpp"
#include "kube/dates.hpp"

namespace kms_secretd::app::doctor {
namespace {

constexpr std::size_t mostNamed = 5;

std::string listOf(std::vector<std::string> const& words) {
  std::string text;
  for (std::size_t i = 0; i < std::min(words.size(), mostNamed); ++i) {
    if (i != 0) text += ", ";
    text += words[i];
  }
  if (words.size() > mostNamed) {
    text += " and " + std::to_string(words.size() - mostNamed) + " more";
  }
  return text;
}

Finding bad(char const* check, core::KubeFailure const& failure) {
  return {.level = Level::bad, .check = check, .what = failure.message, .remedy = failure.remedy};
}

}  // namespace

bool lookAtServer(kube::KubeClient& kube, sdk::Clock const& clock, apply::KubeCall const& call,
                  Findings& findings) {
  auto const server = kube.connection()->server();
  auto const reply = kube.serverVersion(call);
  if (auto const* failure = std::get_if<core::KubeFailure>(&reply)) {
    findings.add(bad("api", *failure));
    return false;
  }
  auto const& version = std::get<kube::ServerVersion>(reply);
  if (auto const old = kube::tooOld(version, kube.connection()->cluster().name, server)) {
    findings.add(bad("api", *old));
  } else {
    findings.good("api", server + " answers, Kubernetes " + version.gitVersion);
  }
  if (auto const date = kube::parseHttpDate(version.date)) {
    findings.add(
        judgeClock("the API server", std::chrono::floor<sdk::Milliseconds>(*date - clock.wall())));
  }
  return true;
}

void lookAtRights(kube::KubeClient& kube, std::vector<kube::Right> const& rights, std::size_t most,
                  apply::KubeCall const& call, Findings& findings) {
  std::map<std::string, std::vector<std::string>> missing;
  auto const asked = std::min(rights.size(), most);
  for (std::size_t i = 0; i < asked; ++i) {
    auto const answer = kube.mayI(rights[i], call);
    if (auto const* failure = std::get_if<core::KubeFailure>(&answer)) {
      return findings.add({.level = Level::warning,
                           .check = "rights",
                           .what = "the API server does not say what we may: " + failure->message,
                           .remedy = failure->remedy});
    }
    if (std::get<kube::Access>(answer).allowed) continue;
    missing[rights[i].namespaceName].push_back(rights[i].text());
  }
  for (auto const& [place, names] : missing) {
    findings.add({.level = Level::bad,
                  .check = "rights",
                  .what = "in namespace " + place + " we may not: " + listOf(names),
                  .remedy = "kms-secretctl rbac | kubectl apply -f -"});
  }
  if (!missing.empty()) return;
  auto text = "all of the " + std::to_string(asked) + " rights that kms-secretctl rbac prints";
  if (asked < rights.size()) {
    text = "the first " + std::to_string(asked) + " of the " + std::to_string(rights.size()) +
           " rights that kms-secretctl rbac prints";
  }
  findings.good("rights", "we have " + text);
}

void hintAtEncryption(std::string const& server, Findings& findings) {
  findings.add(
      {.level = Level::hint,
       .check = "encryption",
       .what = "whether " + server + " keeps Secrets encrypted in etcd cannot be seen from here",
       .remedy = "see that kube-apiserver runs with --encryption-provider-config"});
}

}  // namespace kms_secretd::app::doctor

// SPDX-License-Identifier: Apache-2.0
#include "app/doctor/stores.hpp"

#include <chrono>

#include "app/online_check.hpp"
#include "kube/dates.hpp"
#include "schedule/demand.hpp"

namespace kms_secretd::app::doctor {
namespace {

using namespace std::chrono_literals;

constexpr sdk::Milliseconds reachTimeout = 10s;

core::SourceRef const* firstReadOf(core::Config const& config, std::string const& store,
                                   std::vector<core::SourceRef>& all) {
  for (auto const& target : config.targets) {
    for (auto& read : target->reads()) all.push_back(std::move(read));
  }
  for (auto const& read : all) {
    if (read.store == store) return &read;
  }
  return nullptr;
}

// A backend without a check of its own is asked for the value, which is dropped here.
std::optional<sdk::Failure> whyUnreadable(StoreLook const& look, core::SourceRef const& read) {
  auto const deadline = look.clock.boot() + look.store.timeout;
  auto probed = look.backend.probe({.wantsIdentity = false,
                                    .names = {read.name},
                                    .deadline = deadline,
                                    .cancellation = &look.stop});
  if (!probed.ok()) return std::move(probed.failure());
  if (!probed.value().secrets.empty()) return std::move(probed.value().secrets.front().failure);
  auto fetched = look.backend.fetch({.name = read.name,
                                     .versionStage = read.versionStage,
                                     .versionId = read.versionId,
                                     .deadline = deadline + look.store.timeout,
                                     .cancellation = &look.stop});
  if (!fetched.ok()) return std::move(fetched.failure());
  return std::nullopt;
}

void lookAtPermission(StoreLook const& look, Findings& findings) {
  std::vector<core::SourceRef> all;
  auto const* const read = firstReadOf(look.config, look.store.name, all);
  if (read == nullptr) {
    return findings.add({.level = Level::hint,
                         .check = "permission",
                         .what = "store " + look.store.name + " is read by no secret",
                         .remedy = "remove it, or define what reads from it"});
  }
  auto const failure = whyUnreadable(look, *read);
  if (!failure) return findings.good("permission", read->text() + " may be read");
  findings.add({.level = Level::bad,
                .check = "permission",
                .what = read->text() + " may not be read: " + failure->message,
                .remedy = "mend what the message names; docs/authentication.md has the policies"});
}

std::string proxyHost(std::string const& proxy) {
  auto const start = proxy.find("://");
  auto const host = proxy.substr(start == std::string::npos ? 0 : start + 3);
  return host.substr(0, host.rfind(':'));
}

// True if the name can be looked up, or needs not.
bool lookAtName(Peer const& peer, PeerLook const& look, Findings& findings) {
  auto const name = !peer.proxy.empty()            ? proxyHost(peer.proxy)
                    : !peer.connectAddress.empty() ? peer.connectAddress
                                                   : peer.host;
  if (platform::isAddressLiteral(name) || name == "localhost") return true;
  auto const found = look.resolver.resolve(
      name,
      {.clock = look.clock, .deadline = look.clock.boot() + reachTimeout, .stop = &look.stop});
  if (found.ok()) {
    findings.good("dns", name + " is " + found.value().front());
    return true;
  }
  findings.add({.level = Level::bad,
                .check = "dns",
                .what = name + ": " + found.failure().message,
                .remedy = "mend the name in the configuration, or this host's resolver"});
  return false;
}

sdk::Result<sdk::HttpResponse> askPeer(Peer const& peer, PeerLook const& look) {
  sdk::TransportSpec spec;
  spec.host = peer.host;
  spec.port = peer.port;
  spec.connectAddress = peer.connectAddress;
  spec.plainHttp = peer.plainHttp;
  spec.rootsPem = peer.rootsPem;
  spec.partialChain = peer.partialChain;
  spec.proxy = peer.proxy;
  auto const transport = look.transports.open(spec);
  if (!transport.ok()) return transport.failure();
  sdk::HttpRequest request;
  request.deadline = look.clock.boot() + reachTimeout;
  return transport.value()->send(request);
}

}  // namespace

Finding judgeClock(std::string const& whose, sdk::Milliseconds offset) {
  constexpr sdk::Milliseconds unnoticed = 5s;
  constexpr sdk::Milliseconds tolerated = 10min;  // KMS refuses from 15 minutes on
  auto const size = std::chrono::abs(offset);
  if (size < unnoticed) return {.check = "clock", .what = "this host and " + whose + " agree"};
  return {.level = size < tolerated ? Level::warning : Level::bad,
          .check = "clock",
          .what = "this host's clock is " + std::to_string(size / 1s) + " s " +
                  (offset > 0ms ? "behind " : "ahead of ") + whose,
          .remedy = "set it, for example with chrony or systemd-timesyncd"};
}

void lookAtStore(StoreLook const& look, Findings& findings) {
  auto const report = look.backend.probe({.wantsIdentity = true,
                                          .names = {},
                                          .deadline = look.clock.boot() + look.store.timeout,
                                          .cancellation = &look.stop});
  if (!report.ok()) {
    return findings.add({.level = Level::bad,
                         .check = "identity",
                         .what = "store " + look.store.name +
                                 " has no usable credential: " + report.failure().message,
                         .remedy = "mend the store's auth; docs/authentication.md"});
  }
  if (report.value().identity.empty()) {
    findings.add(
        {.level = Level::hint,
         .check = "identity",
         .what = "store " + look.store.name + ": who we are is unknown: " + report.value().note});
  } else {
    findings.good("identity", identityLine(look.store.name, report.value(), look.clock.wall()));
  }
  if (report.value().clockOffset) {
    findings.add(judgeClock("store " + look.store.name, *report.value().clockOffset));
  }
  lookAtPermission(look, findings);
}

void lookAtQuota(core::Config const& config, Findings& findings) {
  if (!config.pollingEnabled) return findings.good("quota", "polling is off");
  for (auto const& demand : schedule::demandOf(config)) {
    if (demand.tooHigh()) {
      findings.add({.level = Level::warning,
                    .check = "quota",
                    .what = demand.sentence(),
                    .remedy = "raise the interval, or requests_per_second where KMS grants it"});
      continue;
    }
    char text[200];
    std::snprintf(text, sizeof text, "store %s: %zu distinct reads need %.2f of %.0f calls/s",
                  demand.store.c_str(), demand.distinctReads, demand.perSecond, demand.limit);
    findings.good("quota", text);
  }
}

void lookAtPeer(Peer const& peer, PeerLook const& look, Findings& findings) {
  if (!lookAtName(peer, look, findings)) return;
  auto const place = peer.host + ":" + std::to_string(peer.port);
  auto const reply = askPeer(peer, look);

  if (!reply.ok()) {
    return findings.add({.level = Level::bad,
                         .check = "tls",
                         .what = place + ": " + reply.failure().message,
                         .remedy = "look at endpoint, proxy, firewall and ca_file"});
  }
  findings.good("tls", place + (peer.plainHttp ? " answers, without TLS as it must"
                                               : " answers, and its certificate is trusted"));
  if (auto const date = kube::parseHttpDate(reply.value().header("date"))) {
    findings.add(
        judgeClock(peer.host, std::chrono::floor<sdk::Milliseconds>(*date - look.clock.wall())));
  }
}

}  // namespace kms_secretd::app::doctor

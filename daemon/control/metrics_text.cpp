// SPDX-License-Identifier: Apache-2.0
#include "control/metrics_text.hpp"

#include <array>
#include <charconv>
#include <initializer_list>
#include <string_view>

namespace kms_secretd::control {
namespace {

struct Label {
  char const* name;
  std::string_view value;
};
using Labels = std::initializer_list<Label>;

// A backend has one operation by which rounds call it (SDK: Backend::fetch).
constexpr char const* operation = "fetch";

std::string number(double value) {
  std::array<char, 64> text{};
  auto const end = std::to_chars(text.data(), text.data() + text.size(), value).ptr;
  return {text.data(), end};
}

double seconds(sdk::Milliseconds time) { return static_cast<double>(time.count()) / 1000.0; }

double unixTime(sdk::WallTime time) { return seconds(time.time_since_epoch()); }

template <class Count>
double asNumber(Count count) {
  return static_cast<double>(count);
}

/// Writes families one after the other; each begins with family().
class Writer {
 public:
  void family(std::string_view name, char const* type, std::string_view help) {
    name_ = "kms_secretd_";
    name_ += name;
    text_ += "# HELP " + name_ + ' ';
    text_ += help;
    text_ += "\n# TYPE " + name_ + ' ' + type + '\n';
  }

  void sample(Labels labels, double value, char const* suffix = "") {
    text_ += name_;
    text_ += suffix;
    char separator = '{';
    for (auto const& label : labels) {
      text_ += separator;
      text_ += label.name;
      text_ += "=\"";
      escape(label.value);
      text_ += '"';
      separator = ',';
    }
    if (labels.size() > 0) text_ += '}';
    text_ += ' ' + number(value) + '\n';
  }

  [[nodiscard]] std::string take() { return std::move(text_); }

 private:
  void escape(std::string_view value) {
    for (char const c : value) {
      if (c == '\\' || c == '"') text_ += '\\';
      if (c == '\n') {
        text_ += "\\n";
      } else {
        text_ += c;
      }
    }
  }

  std::string name_{};
  std::string text_{};
};

void writeProcess(Writer& out, Snapshot const& all) {
  out.family("build_info", "gauge", "Always 1; the labels say what runs.");
  out.sample({{"version", all.version}, {"instance", all.instance}}, 1);
  out.family("start_time_seconds", "gauge", "When the daemon started, in Unix time.");
  out.sample({}, unixTime(all.started));
  out.family("ready", "gauge", "1 while the configuration is in force and rounds are handed out.");
  out.sample({}, all.loaded && all.trouble.empty() ? 1 : 0);
  out.family("configuration_refused", "gauge",
             "1 while the configuration on disk is refused and the one before it is in force.");
  out.sample({}, all.refusedSince ? 1 : 0);
  out.family(
      "leader", "gauge",
      "1 while this daemon works in the cluster, 0 while it stands by; absent where there is "
      "no Lease.");
  for (auto const& cluster : all.clusters) {
    if (cluster.leads) out.sample({{"cluster", cluster.name}}, *cluster.leads ? 1 : 0);
  }
}

void writeQueue(Writer& out, Snapshot const& all) {
  out.family("queue_due", "gauge", "Secrets whose round is due and not begun.");
  out.sample({}, asNumber(all.queue.due));
  out.family("queue_lag_seconds", "gauge", "How long the oldest due round has waited.");
  out.sample({}, seconds(all.queue.lag));
  out.family("rounds_under_way", "gauge", "Rounds that workers have now.");
  out.sample({}, asNumber(all.queue.underWay));
  out.family("workers_idle", "gauge", "Workers without a round.");
  out.sample({}, asNumber(all.queue.idleWorkers));
}

void writeRounds(Writer& out, RoundsView const& rounds) {
  out.family("rounds_total", "counter", "Rounds ended, by outcome.");
  for (auto const& [outcome, count] : rounds.byOutcome) {
    out.sample({{"outcome", outcome}}, asNumber(count));
  }
  out.family("round_duration_seconds", "histogram", "How long rounds took.");
  std::uint64_t sum = 0;
  for (auto const& [bound, count] : rounds.buckets) {
    sum += count;
    out.sample({{"le", number(seconds(bound))}}, asNumber(sum), "_bucket");
  }
  sum += rounds.longer;
  out.sample({{"le", "+Inf"}}, asNumber(sum), "_bucket");
  out.sample({}, seconds(rounds.total), "_sum");
  out.sample({}, asNumber(sum), "_count");
}

void writeCalls(Writer& out, Snapshot const& all, double (*valueOf)(CallView const&)) {
  for (auto const& store : all.stores) {
    for (auto const& call : store.calls) {
      out.sample({{"store", store.name},
                  {"operation", operation},
                  {"outcome", call.outcome},
                  {"code", call.code}},
                 valueOf(call));
    }
  }
}

void writeStores(Writer& out, Snapshot const& all) {
  out.family("store_calls_total", "counter",
             "Calls to a store, by operation, outcome and the service's code for it.");
  writeCalls(out, all, [](CallView const& call) { return asNumber(call.calls); });
  out.family("store_call_seconds_total", "counter", "Time spent in calls, by the same.");
  writeCalls(out, all, [](CallView const& call) { return seconds(call.time); });
  out.family("store_wait_seconds_total", "counter",
             "How long rounds that were due waited for the store's rate or a free slot or worker.");
  for (auto const& store : all.stores) {
    out.sample({{"store", store.name}}, seconds(store.waited));
  }
  out.family("store_breaker_open", "gauge", "1 while a store does not answer and is only probed.");
  for (auto const& store : all.stores) {
    out.sample({{"store", store.name}}, store.breakerOpen ? 1 : 0);
  }
  out.family("store_login_refused", "gauge", "1 while a store is held back for a refused login.");
  for (auto const& store : all.stores) {
    out.sample({{"store", store.name}}, store.stopped ? 1 : 0);
  }
  out.family("store_credential_expiry_seconds", "gauge",
             "When the credential of a store ends, in Unix time; absent where it does not.");
  for (auto const& store : all.stores) {
    if (!store.credential) continue;
    out.sample({{"store", store.name}}, unixTime(store.credential->at));
  }
}

void writeRequests(Writer& out, Snapshot const& all) {
  out.family("api_requests_total", "counter",
             "Requests to the API server by verb and HTTP status; 0 = no answer.");
  for (auto const& cluster : all.clusters) {
    for (auto const& call : cluster.calls) {
      out.sample(
          {{"cluster", cluster.name}, {"verb", call.verb}, {"code", std::to_string(call.code)}},
          asNumber(call.calls));
    }
  }
}

void writeEvents(Writer& out, Snapshot const& all) {
  out.family("kubernetes_events_total", "counter",
             "Kubernetes Events: written, folded into a later write, or dropped.");
  for (auto const& cluster : all.clusters) {
    for (auto const& [result, count] : cluster.events) {
      out.sample({{"cluster", cluster.name}, {"result", result}}, asNumber(count));
    }
  }
}

template <class Value>
void writeEachCluster(Writer& out, Snapshot const& all, Value value) {
  for (auto const& cluster : all.clusters) {
    std::optional<double> const sample = value(cluster);
    if (sample) out.sample({{"cluster", cluster.name}}, *sample);
  }
}

void writeClusters(Writer& out, Snapshot const& all) {
  writeRequests(out, all);
  out.family("cluster_breaker_open", "gauge",
             "1 while an API server does not answer and is only probed.");
  writeEachCluster(out, all, [](ClusterView const& each) { return each.breakerOpen ? 1 : 0; });
  writeEvents(out, all);
  out.family("login_expiry_seconds", "gauge",
             "When the login to the API server ends, in Unix time; absent where it does not.");
  writeEachCluster(out, all, [](ClusterView const& each) -> std::optional<double> {
    if (!each.login) return std::nullopt;
    return unixTime(each.login->at);
  });
  out.family("login_problem", "gauge", "1 while a changed login is not in use.");
  writeEachCluster(out, all,
                   [](ClusterView const& each) { return each.loginProblem.empty() ? 0 : 1; });
  out.family("unwatched_namespaces", "gauge", "Namespaces whose Secrets cannot be watched now.");
  writeEachCluster(out, all,
                   [](ClusterView const& each) { return asNumber(each.unwatched.size()); });
  out.family("held_deletions", "gauge",
             "Secrets whose definition is gone and whose deletion waits for approval.");
  writeEachCluster(out, all, [](ClusterView const& each) {
    return each.heldDeletions ? asNumber(each.heldDeletions->drops.size()) : 0;
  });
}

template <class Value>
void writeEach(Writer& out, Snapshot const& all, Value value) {
  for (auto const& target : all.targets) {
    std::optional<double> const sample = value(target);
    if (!sample) continue;
    out.sample({{"cluster", target.id.cluster},
                {"namespace", target.id.namespaceName},
                {"name", target.id.name}},
               *sample);
  }
}

void writeTargets(Writer& out, Snapshot const& all) {
  out.family("secrets", "gauge", "Secrets defined, by state.");
  for (auto const state : targetStates) {
    double count = 0;
    for (auto const& target : all.targets) count += target.state == state ? 1 : 0;
    out.sample({{"state", nameOf(state)}}, count);
  }
  out.family("secret_in_sync", "gauge", "1 if the last round found or made the Secret equal.");
  writeEach(out, all, [](TargetView const& target) -> std::optional<double> {
    if (target.state == TargetState::pending) return std::nullopt;
    return target.state >= TargetState::held ? 0 : 1;
  });
  out.family("secret_held", "gauge", "1 while a change of the Secret waits for approval.");
  writeEach(out, all, [](TargetView const& target) -> std::optional<double> {
    return target.state == TargetState::held ? 1 : 0;
  });
  out.family("secret_contested", "gauge", "1 while somebody keeps undoing our heals.");
  writeEach(out, all, [](TargetView const& target) -> std::optional<double> {
    return target.state == TargetState::contested ? 1 : 0;
  });
  out.family("secret_last_success_seconds", "gauge",
             "When the Secret was last known to be equal, in Unix time.");
  writeEach(out, all, [](TargetView const& target) -> std::optional<double> {
    if (!target.lastSuccess) return std::nullopt;
    return unixTime(*target.lastSuccess);
  });
  out.family("secret_staleness_seconds", "gauge",
             "How long ago the Secret was last known to be equal, or the daemon started.");
  writeEach(out, all, [&all](TargetView const& target) -> std::optional<double> {
    return seconds(all.now - target.lastSuccess.value_or(all.started));
  });
}

void writeFailures(Writer& out, Snapshot const& all) {
  out.family("secret_failing", "gauge", "1 for each failing Secret, with the cause.");
  for (auto const& target : all.targets) {
    if (target.state != TargetState::failing) continue;
    out.sample({{"cluster", target.id.cluster},
                {"namespace", target.id.namespaceName},
                {"name", target.id.name},
                {"cause", target.cause}},
               1);
  }
  out.family("secret_rotation_broken", "gauge",
             "1 for each Secret with a source that KMS cannot rotate any more.");
  writeEach(out, all, [](TargetView const& target) -> std::optional<double> {
    if (target.brokenRotations.empty()) return std::nullopt;
    return 1;
  });
}

}  // namespace

std::string metricsText(Snapshot const& snapshot) {
  Writer out;
  writeProcess(out, snapshot);
  writeQueue(out, snapshot);
  writeRounds(out, snapshot.rounds);
  writeStores(out, snapshot);
  writeClusters(out, snapshot);
  writeTargets(out, snapshot);
  writeFailures(out, snapshot);
  return out.take();
}

}  // namespace kms_secretd::control

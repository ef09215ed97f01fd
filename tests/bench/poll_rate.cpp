// SPDX-License-Identifier: Apache-2.0
// poll-rate TARGETS: simulates an hour of that many targets at an interval of ten minutes; prints
// the calls of the busiest minute over those of the mean one.
#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <iostream>
#include <map>
#include <memory>
#include <string>

#include "schedule/schedule.hpp"

namespace {

using namespace kms_secretd;
using namespace std::chrono_literals;

core::Config configOf(int targets) {
  core::Config config;
  config.clusters[core::defaultCluster] = {};
  config.workers = 40'000;
  config.stores["a"].name = "a";
  config.stores["a"].requestsPerSecond = 100'000;
  for (int i = 0; i < targets; ++i) {
    auto definition = std::make_shared<core::TargetDefinition>();
    definition->id = {.namespaceName = "ns", .name = std::to_string(i)};
    definition->data.push_back(
        {.source = {.store = "a", .name = "secret-" + std::to_string(i)}, .key = "k"});
    definition->interval = 10min;
    config.targets.push_back(definition);
  }
  return config;
}

class Simulation {
 public:
  explicit Simulation(int targets) : config_(configOf(targets)) {
    schedule_.load({.config = config_, .maxParallel = {}, .seen = {}}, now_);
  }
  void run(sdk::Milliseconds span) {
    for (auto const end = now_ + span; now_ < end;) {
      for (auto const& due : schedule_.take(1'000, now_)) {
        schedule_.finish({.target = due.definition->id}, now_);
        ++perMinute[now_.time_since_epoch() / 1min];
      }
      now_ = std::max(now_ + 1ms, schedule_.nextWake(now_).value_or(end));
    }
  }
  std::map<long long, int> perMinute{};

 private:
  core::Config const config_;
  schedule::Schedule schedule_{};
  sdk::BootTime now_{sdk::Milliseconds(1h)};
};

}  // namespace

int main(int argc, char** argv) {
  auto const targets = argc == 2 ? std::atoi(argv[1]) : 0;
  if (targets <= 0) {
    std::cerr << "usage: poll-rate TARGETS\n";
    return 2;
  }
  Simulation simulation(targets);
  simulation.run(20min);
  simulation.perMinute.clear();
  simulation.run(60min);
  int peak = 0;
  int calls = 0;
  for (auto const& [minute, count] : simulation.perMinute) {
    peak = std::max(peak, count);
    calls += count;
  }
  std::cout << static_cast<double>(peak) / (static_cast<double>(calls) / 60) << "\n";
  return 0;
}

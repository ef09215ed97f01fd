// SPDX-License-Identifier: Apache-2.0
#include "schedule/demand.hpp"

#include <algorithm>
#include <cstdio>
#include <map>

namespace kms_secretd::schedule {
namespace {

using ReadIntervals = std::map<core::SourceRef, sdk::Milliseconds>;

ReadIntervals shortestIntervals(core::Config const& config) {
  ReadIntervals shortest;
  for (auto const& target : config.targets) {
    if (target->allPinned()) continue;
    for (auto const& read : target->reads()) {
      auto const [at, isNew] = shortest.emplace(read, target->interval);
      if (!isNew) at->second = std::min(at->second, target->interval);
    }
  }
  return shortest;
}

}  // namespace

std::string Demand::sentence() const {
  char text[320];
  std::snprintf(text, sizeof text,
                "store %s: %zu distinct reads need %.1f calls/s, its limit is %.1f "
                "(requests_per_second); polls will come about every %lld s: raise the interval or "
                "the limit",
                store.c_str(), distinctReads, perSecond, limit,
                static_cast<long long>(resultingInterval.count() / 1000));
  return text;
}

std::vector<Demand> demandOf(core::Config const& config) {
  std::map<std::string, Demand> demands;
  if (!config.pollingEnabled) return {};
  for (auto const& [read, interval] : shortestIntervals(config)) {
    auto& demand = demands[read.store];
    ++demand.distinctReads;
    demand.perSecond += 1000.0 / static_cast<double>(interval.count());
  }
  std::vector<Demand> list;
  for (auto& [name, demand] : demands) {
    auto const store = config.stores.find(name);
    demand.store = name;
    demand.limit = store == config.stores.end() ? 0 : store->second.requestsPerSecond;
    demand.resultingInterval = sdk::Milliseconds(
        static_cast<std::int64_t>(static_cast<double>(demand.distinctReads) * 1000 / demand.limit));
    list.push_back(demand);
  }
  return list;
}

}  // namespace kms_secretd::schedule

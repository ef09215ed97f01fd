// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "schedule/schedule.hpp"

namespace schedule_test {

namespace core = kms_secretd::core;
namespace schedule = kms_secretd::schedule;
namespace sdk = kms_secretd::sdk;
using namespace std::chrono_literals;

/// The moment at which tests begin: not zero, so that forgotten initialisations show.
inline constexpr sdk::BootTime start{sdk::Milliseconds{1'000'000'000}};

/// A target "ns/<name>" that reads the given "store/secret" sources.
core::TargetDefinition target(std::string name, std::vector<core::SourceRef> reads);
/// One unpinned read.
core::SourceRef read(std::string store, std::string name);

/// A schedule with a clock that tests turn by hand.
class World {
 public:
  World();
  /// Adds a store with a rate that does not matter unless the test says so.
  World& store(std::string const& name, double perSecond = 1000);
  World& add(core::TargetDefinition definition);
  /// Takes over everything added so far.
  void load(std::map<core::TargetId, schedule::StartState> seen = {});
  /// The names of the rounds that may start now.
  std::vector<std::string> take(std::size_t most = 1000);
  /// Like take(), with all that a worker is told.
  std::vector<core::Due> takeDue(std::size_t most = 1000);
  /// Ends a round.
  bool succeed(std::string const& name, core::OutcomeKind kind = core::OutcomeKind::unchanged);
  bool failFetch(std::string const& name, sdk::FailureKind kind, std::size_t readIndex = 0);
  bool failKube(std::string const& name, core::KubeFailureKind kind);
  bool finish(core::Outcome outcome);
  /// Takes and succeeds everything that is due.
  std::vector<std::string> runAll();
  core::TargetId id(std::string const& name) const;

  core::Config config{};
  schedule::Schedule schedule{};
  sdk::BootTime now = start;
};

}  // namespace schedule_test

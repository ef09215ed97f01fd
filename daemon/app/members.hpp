// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include <kms-secretd/clock.hpp>

namespace kms_secretd::app {

/// The annotations of a Lease.
using Annotations = std::map<std::string, std::string>;

/// The daemons of one instance, as they announce themselves on the Lease: each keeps one annotation
/// "member.kms-secretd.io/<random part of its identity>" with "<node> <hash of its definitions>
/// <count>" and counts up once a minute. One that has not counted for 150 s on the local clock is
/// gone. At most 32 are kept. Pure: time is passed in.
class Members {
 public:
  struct Self {
    std::string id{};           ///< fit for the name of an annotation
    std::string node{};         ///< host name
    std::string definitions{};  ///< hash
  };

  explicit Members(Self self) : self_(std::move(self)) {}

  /// The Lease holds these annotations. Those of members are garbage until proven otherwise.
  void observed(Annotations const& annotations, sdk::BootTime now);
  /// Writes our own annotation, counted up, and takes out those of members that are gone.
  void announce(Annotations& annotations, sdk::BootTime now);
  /// Takes our own annotation out.
  void leave(Annotations& annotations) const;
  /// True if our annotation is not there or is due to be counted up.
  [[nodiscard]] bool due(sdk::BootTime now) const;
  /// The server took what announce() wrote at `now`.
  void announced(sdk::BootTime now) { announcedAt_ = now; }
  /// "node-b (definitions 0123456789ab)": members alive whose definitions are not ours, sorted.
  [[nodiscard]] std::vector<std::string> differing(sdk::BootTime now) const;

 private:
  struct Seen {
    std::string value{};
    std::string node{};
    std::string definitions{};
    sdk::BootTime since{};
  };
  [[nodiscard]] bool gone(Seen const& seen, sdk::BootTime now) const;

  Self self_;
  std::map<std::string, Seen> seen_{};  // by the annotation's name, without ours
  std::uint64_t count_ = 0;
  std::optional<sdk::BootTime> announcedAt_{};
  bool present_ = false;  // ours stands on the Lease
};

}  // namespace kms_secretd::app

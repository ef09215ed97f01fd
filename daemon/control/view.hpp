// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <kms-secretd/clock.hpp>

#include "core/names.hpp"

// What the main loop tells of itself: copies made at one moment, in words and numbers. No value of
// a secret, nothing derived from one.
namespace kms_secretd::control {

/// One key of a Secret and the read that fills it.
struct SourceView {
  std::string key{};
  core::SourceRef source{};
  std::string versionId{};                      ///< of the last good read; empty = none yet
  std::optional<sdk::WallTime> nextRotation{};  ///< when KMS means to rotate it, as last read
};

/// One change that a target went through.
struct ChangeView {
  sdk::WallTime at{};
  std::string outcome{};
  std::string cause{};  ///< of a failure
  std::string keys{};   ///< of a write: which keys it changed, in words; empty of a new Secret
};

/// The last round of a target.
struct RoundView {
  sdk::WallTime at{};
  std::string outcome{};
  std::string reason{};  ///< why the round happened
  sdk::Milliseconds duration{0};
};

/// How a target is.
enum class TargetState { pending, in_sync, contested, held, failing };

/// All states.
inline constexpr std::array targetStates{TargetState::pending, TargetState::in_sync,
                                         TargetState::contested, TargetState::held,
                                         TargetState::failing};

/// A change that waits until somebody approves exactly it.
struct HeldView {
  std::string change{};              ///< its name
  std::vector<std::string> drops{};  ///< names of the keys, or of the Secrets, that would go
};

/// The stable name of a state; never null.
[[nodiscard]] char const* nameOf(TargetState state) noexcept;

/// One target.
struct TargetView {
  core::TargetId id{};
  TargetState state = TargetState::pending;
  std::string cause{};  ///< stable word; empty where all is well
  std::string message{};
  std::string remedy{};
  std::string contest{};  ///< who undoes our heals of what
  std::optional<core::SourceRef> failedSource{};
  std::optional<HeldView> held{};
  std::optional<sdk::WallTime> since{};  ///< in this state; nothing while pending
  std::optional<sdk::WallTime> lastSuccess{};
  std::optional<RoundView> lastRound{};
  std::optional<sdk::WallTime> nextRound{};
  bool underWay = false;
  std::uint64_t rounds = 0;
  std::string type{};
  sdk::Milliseconds interval{0};
  core::Origin origin{};
  std::vector<SourceView> sources{};
  std::vector<std::string> brokenRotations{};  ///< sources that KMS cannot rotate any more
  std::vector<ChangeView> history{};           ///< oldest first
};

/// Calls to one store that ended alike.
struct CallView {
  std::string outcome{};  ///< "ok" or a kind of failure
  std::string code{};     ///< of the service; empty where all went well, or it gave none
  std::uint64_t calls = 0;
  sdk::Milliseconds time{0};
};

/// Something that ends, and when.
struct ExpiryView {
  std::string what{};  ///< names it, never shows it
  sdk::WallTime at{};
};

/// One store.
struct StoreView {
  std::string name{};
  std::string backend{};
  bool breakerOpen = false;
  bool stopped = false;         ///< held back for a minute after a refused login
  double rate = 0;              ///< calls a second now; 0 = unlimited
  std::string identity{};       ///< who we are there, as the backend says; no secret
  sdk::Milliseconds waited{0};  ///< how long rounds that are due waited for it, all together
  std::optional<ExpiryView> credential{};
  std::vector<CallView> calls{};
};

/// Requests to the API server that ended alike.
struct ApiCallView {
  std::string verb{};
  int code = 0;  ///< HTTP status; 0 = no answer
  std::uint64_t calls = 0;
};

/// One cluster.
struct ClusterView {
  std::string name{};
  std::string server{};
  bool breakerOpen = false;
  bool stopped = false;         ///< held back for a minute after a refused login
  std::string leadership{};     ///< who of several daemons works there; empty: there is no other
  bool standby = false;         ///< another daemon is known to work there
  std::optional<bool> leads{};  ///< whether this daemon works there; nothing: there is no other
  std::string observe{};        ///< "watch" or "poll"
  std::string loginProblem{};   ///< why a changed login is not in use
  std::optional<ExpiryView> login{};               ///< as far as the login has an end
  std::map<std::string, std::string> unwatched{};  ///< why, by namespace
  std::optional<HeldView> heldDeletions{};         ///< of Secrets whose definition is gone
  std::vector<ApiCallView> calls{};
  std::map<std::string, std::uint64_t> events{};  ///< Kubernetes Events by what became of them
};

/// Rounds since the start.
struct RoundsView {
  std::map<std::string, std::uint64_t> byOutcome{};
  /// Rounds that took at most so long, longer than the bound before.
  std::vector<std::pair<sdk::Milliseconds, std::uint64_t>> buckets{};
  std::uint64_t longer = 0;  ///< than the last bound
  sdk::Milliseconds total{0};
};

/// What is due, and what is done.
struct QueueView {
  std::size_t due = 0;
  sdk::Milliseconds lag{0};  ///< how long the oldest has been due
  std::size_t underWay = 0;
  std::size_t idleWorkers = 0;
};

/// Everything at one moment.
struct Snapshot {
  std::string version{};
  std::string instance{};
  sdk::WallTime started{};
  sdk::WallTime now{};
  bool loaded = false;  ///< the configuration is in force and rounds are handed out
  std::optional<sdk::WallTime> refusedSince{};  ///< the configuration on disk is refused
  std::string trouble{};                        ///< why the watchdog is not fed; empty = it is
  std::string leadership{};                     ///< of all clusters; empty: there is no other
  QueueView queue{};
  RoundsView rounds{};
  std::vector<ClusterView> clusters{};  ///< by name
  std::vector<StoreView> stores{};      ///< by name
  std::vector<TargetView> targets{};    ///< by id
};

/// What somebody wants done now: one target, the targets of one store, or all.
struct SyncRequest {
  std::optional<core::TargetId> target{};
  std::optional<std::string> store{};
};

/// A target that has its round soon.
struct Promised {
  core::TargetId id{};
  std::uint64_t doneAt = 0;  ///< done once its `rounds` is at least this
};

/// What came of a SyncRequest.
struct SyncReply {
  std::vector<Promised> promised{};  ///< empty: no such target or store
  std::string notHere{};             ///< why rounds that were asked for cannot begin in this daemon
};

/// Somebody's word that a held change may be carried out.
struct ApproveRequest {
  std::optional<core::TargetId> target{};  ///< nothing: the held deletions
  std::string change{};                    ///< the name of the change that was seen and is meant
};

/// What came of an ApproveRequest.
struct ApproveReply {
  bool approved = false;
  std::string notHere{};  ///< why nothing can be approved in this daemon; empty: it can
  std::string why{};      ///< why not, where it is no other daemon's to do
};

}  // namespace kms_secretd::control

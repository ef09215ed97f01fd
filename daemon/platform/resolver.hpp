// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <kms-secretd/clock.hpp>
#include <kms-secretd/failure.hpp>

#include "platform/stop.hpp"
#include "platform/wait.hpp"

namespace kms_secretd::platform {

/// True for an IPv4 or IPv6 address in text form ("192.0.2.1", "2001:db8::1", no brackets).
[[nodiscard]] bool isAddressLiteral(std::string_view text) noexcept;

/// Numeric addresses in the order to be tried.
using Addresses = std::vector<std::string>;

/// Turns host names into addresses: getaddrinfo can neither be bounded nor woken, so it runs on the
/// resolver's own threads (one, and up to four while lookups hang, so that one black-holed zone
/// does not delay the others) and callers wait with their deadline and cancellation. Answers are
/// kept for 30 s, failures for 2 s; callers of one name share one lookup. Any thread.
class Resolver {
 public:
  /// Looks one name up, blocking; runs on the resolver's threads.
  using Lookup = std::function<sdk::Result<Addresses>(std::string const& name)>;

  /// `clock` outlives the resolver; `stop` ends the waits of all callers.
  Resolver(sdk::Clock const& clock, StopSignal const& stop);
  /// With another lookup than getaddrinfo (tests).
  Resolver(sdk::Clock const& clock, StopSignal const& stop, Lookup lookup);
  /// Joins the idle threads. A thread that still hangs inside getaddrinfo after two seconds cannot
  /// be ended by anyone: it is let go, touches nothing but its own shared state, and dies with the
  /// process (the resolver is destroyed at exit only, and the stop takes at most 5 s whatever
  /// hangs).
  ~Resolver();
  Resolver(Resolver const&) = delete;
  Resolver& operator=(Resolver const&) = delete;

  /// The addresses of `name`; a literal and "localhost" are answered at once and never looked up.
  /// Fails with unavailable (no such name, no answer), timed_out or internal (cancelled).
  [[nodiscard]] sdk::Result<Addresses> resolve(std::string const& name, WaitScope const& scope);

 private:
  struct State;
  std::shared_ptr<State> state_;  ///< shared with the threads: see the destructor
};

}  // namespace kms_secretd::platform

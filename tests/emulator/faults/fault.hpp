// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "emulator/kms/errors.hpp"

namespace kms_secretd::emulator {

/// What may go wrong; README.md says what each does on the wire.
enum class FaultKind {
  error,      // an error answer of the service
  body,       // any status and body, e.g. a load balancer's HTML
  latency,    // the true reply, later
  reset,      // RST before, inside or after the head
  truncate,   // the body ends early
  length,     // Content-Length says something else than the body
  drip,       // a few bytes per interval
  garbage,    // random bytes instead of the reply or of its body
  huge,       // a body or head of a given size
  redirect,   // Location elsewhere
  chunked,    // the true reply in chunks
  blackHole,  // read the request, never answer
  closeIdle,  // the true reply, then an unannounced close
  tls,        // the connection fails before any request
};

/// One fault with its parameters; members that a kind does not use keep their defaults.
struct Fault {
  FaultKind kind = FaultKind::error;
  std::string at;  // where it strikes, per kind
  int status = 0;
  std::string code;
  std::string message;
  ErrorForm form = ErrorForm::kms;
  std::string body;
  std::string contentType;
  std::string location;
  std::vector<std::pair<std::string, std::string>> headers;
  std::int64_t bytes = -1;  // -1: the kind's default
  std::int64_t delta = 0;
  std::int64_t intervalMs = 100;
  std::int64_t delayMs = 0;
  std::optional<bool> close;
};

/// Which requests a rule wants; an empty member matches everything.
struct FaultMatch {
  std::string operation;
  std::string secret;
  std::string accessKey;
};

/// When a rule strikes among the requests that it matches: the first `skip` are spared, then
/// every `every`-th is hit, `count` times at most.
struct FaultSchedule {
  std::int64_t skip = 0;
  std::int64_t every = 1;
  std::optional<std::int64_t> count;
};

}  // namespace kms_secretd::emulator

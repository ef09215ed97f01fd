// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <set>
#include <string>

#include "emulator/net/http_reply.hpp"
#include "emulator/net/http_request.hpp"

namespace kms_secretd::emulator {

struct World;

/// How the ECS metadata service behaves; README.md describes each for tests.
struct MetadataState {
  std::string roleArn;                // of the instance; empty = none attached
  std::string version2 = "required";  // "required", "optional", "absent"
  std::string lie;                    // "", "expired", "failed", "garbage", "name", "huge"
  std::chrono::milliseconds delay{0};
  std::int64_t seconds = 21600;  // how long what it hands out lasts
  std::int64_t uriStatus = 200;  // of /credentials
  std::set<std::string> tokens;
  std::uint64_t requests = 0;
};

/// The ECS metadata service (KMS protocol 4.2), and beside it `/credentials`, a credentials URI.
/// Any thread.
Reply answerMetadata(World& world, const Request& request);

}  // namespace kms_secretd::emulator

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace kms_secretd::emulator {

/// What tests may tune about the emulated service. README.md describes each for its users.
struct Settings {
  std::string region = "cn-hangzhou";
  std::string account = "1234567890123456";
  bool strictHost = false;
  bool echoArn = false;
  bool updateTimeMoves = true;
  std::chrono::milliseconds idleTimeout{60'000};
  std::uint16_t kmsPort = 0;  // set by the emulator: a loopback Host may carry this port
};

}  // namespace kms_secretd::emulator
